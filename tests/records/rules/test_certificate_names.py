"""Names as a certificate holds them, and certificates that never outlive who issued them (RFC 5280)."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from records.seal.certificate import Wanted, common_name, fitting, issue

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "held"),
    [
        ("何秀兰", "何秀兰"),
        ("نور حداد", "نور حداد"),
        ("  Ruth \t Adeyemi\n", "Ruth Adeyemi"),
        ("Zoe\u0308", "Zoë"),  # NFC: one character, as people type it
        ("A" * 64, "A" * 64),
        ("A" * 65, "A" * 63 + "…"),
        ("灯" * 200, "灯" * 63 + "…"),
        ("x" * 62 + "q\u0323\u0323\u0323", "x" * 62 + "…"),  # no letter is parted from its accents
        ("a\0b", "a b"),
    ],
)
def test_a_name_is_held_in_any_script_and_within_its_bounds(name: str, held: str) -> None:
    assert fitting(name) == held
    assert len(fitting(name)) <= 64


@pytest.mark.parametrize("name", ["", " \n\0"])
def test_without_a_name_there_is_no_certificate(name: str) -> None:
    with pytest.raises(ValueError, match="needs a name"):
        fitting(name)


def test_a_certificate_never_outlives_its_issuer() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    root = issue(
        Wanted(name="Root", organisation="House", days=100, depth=0),
        key=key,
        issuer=None,
        issuer_key=key,
        now=NOW,
    )
    own = issue(
        Wanted(name="A" * 200, organisation="灯" * 200, days=730),
        key=ec.generate_private_key(ec.SECP256R1()), issuer=root, issuer_key=key, now=NOW + timedelta(days=50),
    )  # fmt: skip
    assert own.not_valid_after_utc == root.not_valid_after_utc
    own.verify_directly_issued_by(root)
    assert common_name(own) == "A" * 63 + "…"
    assert own.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)[0].value == "灯" * 63 + "…"
