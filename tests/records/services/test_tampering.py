"""Everything that can be done to a signed file is found, also without comparing its SHA-256."""

import io
import json
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import pem
from pyhanko.pdf_utils.reader import PdfFileReader

from imprimatur.record import encoding, line
from imprimatur.record.expected import ARCHIVE, Expected
from imprimatur.record.verify import examine, verify
from records.canonical import digest
from records.context import SignatureLine
from records.seal.sign import SEAL
from tests.records import tampering
from tests.records.issued import CHAIR, FIELDS, LEGAL, House, Issued, issue, record_sha256
from tests.records.keys import TestAuthority
from tests.records.layers import NOW, lines_of
from tests.records.tampering import Manipulation, Material

HASH = "the SHA-256 is not the one that was issued"
LATER = NOW + timedelta(days=30)


@pytest.fixture(scope="module")
def given() -> Material:
    return tampering.material()


@pytest.fixture(scope="module")
def issued(given: Material) -> Issued:
    return given.issued


def anonymous(issued: Issued) -> Expected:
    """What somebody outside can ask: only the roots are known."""
    return Expected(roots=issued.expected().roots)


def test_the_issued_file_is_genuine_for_whoever_issued_it_and_for_whoever_has_the_roots(
    issued: Issued,
) -> None:
    report = examine(issued.content, issued.expected())
    assert report.faults == []
    assert [one.field for one in report.signatures] == [*FIELDS, ARCHIVE]
    assert [one.level for one in report.signatures] == ["B-LTA"] * 4 + [""]
    assert [one.clock for one in report.signatures] == ["server"] + ["authority"] * 4
    assert report.record_sha256 == record_sha256()
    assert verify(issued.content, anonymous(issued)) == []


@pytest.mark.parametrize("manipulate", [*tampering.LISTED, *tampering.OWN], ids=lambda item: item.__name__)
def test_a_manipulation_is_found_without_any_digest(given: Material, manipulate: Manipulation) -> None:
    changed = manipulate(given)
    assert changed != given.issued.content
    file_sha256 = given.issued.expected().file_sha256
    found = verify(changed, replace(given.issued.without_digests(), file_sha256=file_sha256))
    assert found[0] == HASH
    assert found[1:]


def test_a_genuine_record_of_another_decision_is_not_this_one(given: Material) -> None:
    assert verify(given.other.content, given.other.expected("zh-hans")) == []
    only_data = replace(given.issued.without_digests(), record_sha256=record_sha256())
    assert "the data inside are not those that were frozen" in verify(given.other.content, only_data)
    assert "sig-legal: statement: Another record was signed" in verify(
        issue(given.other.base, given.issued.house, lines=lines_of("en")).content, only_data
    )


def test_a_forgery_signed_with_all_genuine_keys_is_found_by_the_stored_digests_only(given: Material) -> None:
    forged = issue(given.issued.base, given.issued.house)
    assert forged.content != given.issued.content
    assert verify(forged.content, given.issued.without_digests()) == []
    found = verify(forged.content, given.issued.expected())
    assert found == [HASH, "revision 1 differs from the one that was issued"]


def changed(what: str, value: str) -> Callable[[SignatureLine], SignatureLine]:
    def change(line: SignatureLine) -> SignatureLine:
        return {**line, what: value}  # type: ignore[misc]

    return change


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            changed("statement", '{"record_sha256":"0"}'),
            "The statement is not the one whose digest is printed",
        ),
        (changed("name", "Somebody Else"), "The name that is printed was not signed"),
        (changed("meaning", "I was not asked."), "The meaning that is printed was not signed"),
        (changed("signed_at", "2026-11-18T06:00:00.000000Z"), "The time that is printed was not signed"),
    ],
)
def test_a_forged_statement_is_found_although_every_key_is_genuine(
    given: Material, change: Callable[[SignatureLine], SignatureLine], fault: str
) -> None:
    legal, chair = lines_of("en")
    forged = issue(given.issued.base, given.issued.house, lines=[change(legal), chair], shown=[legal, chair])
    assert verify(forged.content, given.issued.without_digests()) == [f"{LEGAL}: statement: {fault}"]


def test_a_stamp_that_shows_another_name_than_was_signed_is_found(given: Material) -> None:
    legal, chair = lines_of("en")
    shown = [legal, changed("name", "Prof. Somebody Else")(chair)]
    forged = issue(given.issued.base, given.issued.house, lines=[legal, chair], shown=shown)
    assert verify(forged.content, given.issued.without_digests()) == [
        f"{CHAIR}: the name beside it is not the one of the statement",
        f"{CHAIR}: the stamp doesn't show the name of the statement",
    ]


def test_people_in_each_others_places_are_found_also_by_whoever_has_the_roots_only(given: Material) -> None:
    legal, chair = lines_of("en")
    forged = issue(given.issued.base, given.issued.house, lines=[legal, chair], shown=[chair, legal])
    found = verify(forged.content, anonymous(given.issued))
    assert {fault.split(":")[0] for fault in found} == {LEGAL, CHAIR}


# -- Certificates that end, or are taken back -----------------------------------------------------------------------


def test_a_serial_number_of_another_house_is_no_pseudonym_and_one_of_somebody_else_is() -> None:
    """Certificates that people bring name them by a number of their state or employer."""
    own, somebody = "4f0c8a52-9d3e-4a61-8b7e-2c1d5e6f7a80", "4f0c8a52-9d3e-4a61-8b7e-2c1d5e6f7a81"
    signed = lines_of("en")[0]
    text = json.dumps({**json.loads(signed["statement"]), "signer": own})
    signed |= {"statement": text, "statement_sha256": digest(text.encode())}
    for serial, is_else in (
        ("PNODE-1234567", False), ("", False), (own, False), (somebody, True),
    ):  # fmt: skip
        beside = line.Beside(signed["name"], signed["meaning"], None, serial, "")
        found = line.faults(signed, record_sha256(), beside)
        assert ("the certificate is of somebody else than the statement" in found) is is_else, serial


def test_a_certificate_that_was_revoked_later_takes_nothing_away(issued: Issued) -> None:
    known = replace(issued.expected(), crls=[issued.house.revoking(LEGAL, LATER)])
    report = examine(issued.content, known)
    assert report.faults == []
    legal, chair = report.signatures[1:3]
    assert (legal.revocation, legal.revoked_at) == ("later", LATER)
    assert chair.revocation == "good"


def test_a_certificate_that_had_been_revoked_before_must_not_have_signed(issued: Issued) -> None:
    known = replace(issued.expected(), crls=[issued.house.revoking(LEGAL, NOW - timedelta(days=1))])
    assert verify(issued.content, known) == [f"{LEGAL}: the certificate had been revoked before"]


def test_a_list_of_another_authority_revokes_nobody(given: Material) -> None:
    issued = given.issued
    forged = House(authority=TestAuthority(), keys=issued.house.keys).revoking(LEGAL, NOW - timedelta(days=1))
    assert verify(issued.content, replace(issued.expected(), crls=[forged, b"no list"])) == []


def test_a_certificate_that_ends_later_was_valid_and_one_that_had_ended_was_not(given: Material) -> None:
    house = given.issued.house
    brief = house.authority.key_for(CHAIR, days=(NOW - house.authority.start).days + 1)
    late = issue(given.issued.base, house, keys={CHAIR: brief})
    assert verify(late.content, anonymous(given.issued)) == []
    (chair,) = [
        one for one in examine(late.content, anonymous(given.issued)).signatures if one.field == CHAIR
    ]
    assert chair.valid_until is not None
    assert chair.valid_until < datetime.now(UTC).replace(year=2100)
    stamped_late = House(authority=house.authority, keys={**house.keys, CHAIR: brief}, moment=LATER)
    content = issue(given.issued.base, stamped_late).content
    roots = [*anonymous(given.issued).roots, stamped_late.stamp_root.dump()]
    assert verify(content, Expected(roots=roots)) == [f"{CHAIR}: the certificate is not trusted"]


def test_clocks_that_differ_are_told_and_the_one_of_the_authority_counts(given: Material) -> None:
    house = House(authority=given.issued.house.authority, keys=given.issued.house.keys, moment=LATER)
    content, roots = (
        issue(given.issued.base, house).content,
        [*anonymous(given.issued).roots, house.stamp_root.dump()],
    )
    report = examine(content, Expected(roots=roots))
    seal = report.signatures[3]
    assert (seal.at, seal.written, seal.clock) == (LATER, NOW, "authority")
    assert report.faults == []
    found = verify(content, Expected(roots=roots, clocks=True))
    assert f"{SEAL}: the clocks of the server and of the timestamp authority differ" in found


def test_without_roots_the_ends_of_all_chains_are_named_and_trust_is_not_judged(issued: Issued) -> None:
    report = examine(issued.content, Expected())
    assert report.faults == []
    assert report.unchecked == ["roots"]
    assert sorted(name for name, _sha256 in report.roots) == ["Root", "Stamps Root"]


def test_without_a_list_nobody_says_that_a_certificate_was_not_revoked(given: Material) -> None:
    house = given.issued.house
    bare = {name: house.authority.key_for(name, lists=False) for name in FIELDS}
    report = examine(issue(given.issued.base, house, keys=bare).content, anonymous(given.issued))
    assert report.faults == []
    assert {one.revocation for one in report.signatures} == {"unknown"}


# -- The last signature, which no other one covers -------------------------------------------------------------------


def digits_of_the_last(content: bytes) -> range:
    """Return the places of the hexadecimal digits of the last signature, without its padding."""
    *_others, last = re.finditer(rb"/Contents <([0-9a-fA-F]+)>", content)
    return range(last.start(1), last.start(1) + len(last[1].rstrip(b"0")) + 1)


def unfound(content: bytes, places: range, known: Expected) -> list[int]:
    """Return the places where another digit is not found."""
    missed = []
    for at in places:
        digit = b"%x" % (int(content[at : at + 1], 16) ^ 1)
        if not verify(content[:at] + digit + content[at + 1 :], known):
            missed.append(at)
    return missed


def test_another_digit_anywhere_in_the_last_signature_is_found(issued: Issued) -> None:
    places = digits_of_the_last(issued.content)
    assert unfound(issued.content, places[3 :: len(places) // 6], issued.without_digests()) == []


@pytest.mark.long
def test_another_digit_at_each_place_of_the_last_signature_is_found(given: Material) -> None:
    for content in (given.issued.content, given.issued.files[SEAL]):
        assert unfound(content, digits_of_the_last(content)[::41], given.issued.without_digests()) == []


def test_the_encoding_of_the_last_signature_is_the_one_form(issued: Issued) -> None:
    last = max(
        PdfFileReader(io.BytesIO(issued.content)).embedded_signatures, key=lambda item: item.signed_revision
    )
    report = examine(issued.content, issued.expected())
    known = {sha256 for one in report.signatures for _name, sha256 in [*one.chain, *one.authority]}
    assert encoding.faults(last, frozenset(known)) == []
    assert "an unknown certificate" in encoding.faults(last, frozenset())


# -- A second opinion ------------------------------------------------------------------------------------------------


def test_pdfsig_finds_each_signature_valid_and_accepts_an_overlay_all_the_same(
    given: Material, tmp_path: Path
) -> None:
    genuine, forged = tmp_path / "genuine.pdf", tmp_path / "forged.pdf"
    genuine.write_bytes(given.issued.content)
    forged.write_bytes(tampering.revision(tampering.overlay)(given))
    for path in (genuine, forged):
        said = subprocess.run(
            ["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=False
        ).stdout
        assert said.count("Signature is Valid.") == len(FIELDS), said  # it leaves the last timestamp alone
    assert verify(forged.read_bytes(), given.issued.expected())


def test_openssl_verifies_what_a_person_signed_taken_out_of_the_file(issued: Issued, tmp_path: Path) -> None:
    (item,) = [
        one
        for one in PdfFileReader(io.BytesIO(issued.content)).embedded_signatures
        if one.field_name == CHAIR
    ]
    _zero, first, second, length = (int(number) for number in item.byte_range)
    covered, roots = issued.content[:first] + issued.content[second : second + length], tmp_path / "roots.pem"
    (tmp_path / "covered").write_bytes(covered)
    (tmp_path / "cms").write_bytes(item.signed_data.dump() and item.pkcs7_content)
    roots.write_bytes(pem.armor("CERTIFICATE", issued.house.keys[CHAIR].chain[-1].dump()))
    asked = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "cms", "-CAfile", "roots.pem",
             "-purpose", "any", "-attime", str(int(NOW.timestamp())), "-out", "out", "-content"]  # fmt: skip
    for name, status in (("covered", 0), ("other", 4)):
        (tmp_path / "other").write_bytes(tampering.flipped(covered, 2000))
        done = subprocess.run([*asked, name], capture_output=True, text=True, check=False, cwd=tmp_path)
        assert done.returncode == status, done.stderr
