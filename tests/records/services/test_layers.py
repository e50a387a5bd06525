"""Signatures one on top of the other: what each leaves alone, what it holds, what refuses it."""

import io
import json
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from asn1crypto import tsp, x509
from django.conf import settings
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext

from imprimatur.record.line import LINE
from imprimatur.record.verify import verify
from records.press.glyphs import Unprintable
from records.seal.lines import Line
from records.seal.sign import ARCHIVE, LONGEST, PEOPLE, SEAL, SYSTEM, NotSignable, level_of, signed
from records.seal.timestamping import NoStamp, authority
from tests.records import conformance, tsa
from tests.records.keys import TestAuthority
from tests.records.layers import NOW, ORDER, Layers, layers, lines_of, printed


@pytest.fixture(scope="module", params=["en", "zh-hans"])
def made(request: pytest.FixtureRequest) -> Layers:
    return layers(language=request.param)


@pytest.fixture(scope="module")
def english() -> Layers:
    return layers()


@pytest.fixture(scope="module")
def openssl(tmp_path_factory: pytest.TempPathFactory) -> tsa.OpenSSL:
    return tsa.OpenSSL(tmp_path_factory.mktemp("tsa"))


@pytest.fixture
def stamping(openssl: tsa.OpenSSL, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An authority that answers well, set as an administrator sets it."""
    with tsa.served(tsa.well(openssl)) as address:
        monkeypatch.setattr(settings, "TSA_URL", address)
        monkeypatch.setattr(settings, "TSA_ROOTS", str(openssl.roots))
        yield address


def signatures(content: bytes) -> list[str]:
    return [item.field_name for item in PdfFileReader(io.BytesIO(content)).embedded_signatures]


def valid(content: bytes, made: Layers, *more: x509.Certificate) -> dict[str, bool]:
    """Ask pyHanko about each signature, with its own policy about what later revisions may change."""
    reader, found = PdfFileReader(io.BytesIO(content)), {}
    root = next(iter(made.keys.values())).chain[-1]
    for item in reader.embedded_signatures:
        context = ValidationContext(
            trust_roots=[root, *more], moment=datetime.now(UTC) if more else NOW, allow_fetching=False
        )
        if item.sig_object_type == "/DocTimeStamp":
            found[item.field_name] = bool(validate_pdf_timestamp(item, context).valid)
        else:
            found[item.field_name] = validate_pdf_signature(item, context, context).bottom_line
    return found


def test_every_signature_holds_after_the_last_and_covers_its_own_revision(made: Layers) -> None:
    assert signatures(made.last) == ORDER
    assert valid(made.last, made) == dict.fromkeys(ORDER, True)


def test_our_own_verification_finds_it_genuine_with_every_field_and_revision_as_issued(made: Layers) -> None:
    assert verify(made.last, made.expected()) == []
    files = [made.base, *made.files.values()]
    assert [item.size for item in made.expected().revisions] == [len(item) for item in files[:-1]]


def test_each_signature_only_appends_and_leaves_what_was_there(made: Layers) -> None:
    before = made.base
    for field in ORDER:
        assert made.files[field].startswith(before)
        assert len(made.files[field]) > len(before)
        before = made.files[field]


def test_the_spot_checks_hold_before_the_first_signature_and_after_each(made: Layers, tmp_path: Path) -> None:
    assert conformance.faults(made.base) == []
    for field in ORDER:
        assert conformance.faults(made.files[field]) == [], field
    path = tmp_path / "signed.pdf"
    path.write_bytes(made.last)
    done = subprocess.run(["qpdf", "--check", str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_statement_of_a_person_lies_in_their_signature_and_is_covered_by_it(made: Layers) -> None:
    found = {}
    for item in PdfFileReader(io.BytesIO(made.last)).embedded_signatures:
        _start, end, again, _rest = (int(number) for number in item.byte_range)
        assert set(made.last[end + 1 : again - 1]) <= set(
            b"0123456789ABCDEF"
        )  # all but the signature is covered
        if LINE in item.sig_object:
            found[item.field_name] = json.loads(bytes(item.sig_object[LINE].original_bytes))
    assert list(found) == list(PEOPLE.values())
    assert list(found.values()) in (lines_of("en"), lines_of("zh-hans"))


def test_names_in_any_script_are_seen_in_the_stamp(tmp_path: Path) -> None:
    key = TestAuthority().key_for("Anybody")
    stamp = [Line("name", "Παπαδοπούλου Ελένη · Żółć · 王秀兰"), Line("digest", "ab" * 32)]
    content = signed(printed(), field="sig-legal", key=key, now=NOW, name="x", reason="y", stamp=stamp)
    path = tmp_path / "stamp.pdf"
    path.write_bytes(content)
    text = subprocess.run(
        ["pdftotext", "-raw", str(path), "-"], capture_output=True, check=True, text=True
    ).stdout
    assert "Παπαδοπούλου Ελένη" in text
    assert "Żółć" in text
    assert "王秀兰" in text
    assert "ab" * 32 in text.replace("\n", "")


def test_a_letter_that_no_font_has_refuses_the_signature_and_is_named(english: Layers) -> None:
    with pytest.raises(Unprintable, match=r"𐎀 \(U\+10380\)"):
        signed(
            english.files[SYSTEM], field="sig-legal", key=english.keys["sig-legal"], now=NOW, name="x", reason="y",
            stamp=[Line("name", "𐎀 Ugarit")],
        )  # fmt: skip


def test_a_certificate_out_of_date_or_revoked_signs_nothing_at_any_level(english: Layers) -> None:
    authority_ = TestAuthority()
    short = authority_.key_for("Short", days=10, lists=False)
    with pytest.raises(NotSignable, match=r"“Common Name: Short” is valid from 2026-01-01 to 2026-01-11"):
        signed(english.files[SYSTEM], field="sig-legal", key=short, now=NOW, name="x", reason="y")
    gone = authority_.key_for("Gone")
    authority_.revoked.append(gone.chain[0].serial_number)
    with pytest.raises(NotSignable, match="Gone” was revoked"):
        signed(
            english.files[SYSTEM], field="sig-legal", key=replace(gone, crls=authority_.lists()), now=NOW, name="x",
            reason="y",
        )  # fmt: skip


def test_a_statement_longer_than_a_string_may_be_signs_nothing(english: Layers) -> None:
    with pytest.raises(NotSignable, match="32767 bytes"):
        signed(
            english.files[SYSTEM], field="sig-legal", key=english.keys["sig-legal"], now=NOW, name="x", reason="y",
            statement=b"x" * (LONGEST + 1),
        )  # fmt: skip


def test_a_signed_field_is_not_signed_again(english: Layers) -> None:
    with pytest.raises(Exception, match="sig-legal"):
        signed(english.last, field="sig-legal", key=english.keys["sig-legal"], now=NOW, name="x", reason="y")


def test_what_was_revoked_lies_in_the_file_and_without_a_stamp_the_level_is_b_b(english: Layers) -> None:
    with pikepdf.open(io.BytesIO(english.last)) as pdf:
        assert len(pdf.Root.DSS.CRLs) == 2
        assert "/VRI" not in pdf.Root.DSS
    assert level_of(english.keys[SEAL], None, archive=True) == "PAdES B-B"


def test_with_an_authority_people_reach_b_lt_and_the_seal_b_lta_over_the_whole_file(
    stamping: str, openssl: tsa.OpenSSL
) -> None:
    stamps = authority()
    assert stamps is not None
    made = layers(stamps=stamps)
    assert signatures(made.last) == [*ORDER, ARCHIVE]
    assert set(valid(made.last, made, *stamps.roots).values()) == {True}
    last = PdfFileReader(io.BytesIO(made.last)).embedded_signatures[-1]
    last.compute_integrity_info()
    assert last.coverage.name == "ENTIRE_FILE"
    assert conformance.faults(made.last) == []
    assert level_of(made.keys["sig-legal"], stamps) == "PAdES B-LT"
    assert level_of(made.keys[SEAL], stamps, archive=True) == "PAdES B-LTA"


def sealed_with(made: Layers) -> bytes:
    """Seal with the authority of the settings."""
    return signed(
        made.files["sig-chair"], field=SEAL, key=made.keys[SEAL], now=NOW, name="x", reason="y", authority=authority(),
        archive=True,
    )  # fmt: skip


def of_another_question(authority_: tsa.OpenSSL, **changed: object) -> tsa.Answer:
    """Answer as if something else had been asked."""

    def answer(handler: BaseHTTPRequestHandler, query: bytes) -> None:
        asked = tsp.TimeStampReq.load(query)
        for name, value in changed.items():
            asked[name] = value
        tsa.send(handler, authority_.reply(asked.dump(force=True)))

    return answer


def slowly(handler: BaseHTTPRequestHandler, _query: bytes) -> None:
    """Send a letter now and then, for longer than anybody waits."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/timestamp-reply")
    handler.end_headers()
    until = time.monotonic() + 3
    try:
        while time.monotonic() < until:
            handler.wfile.write(b"0")
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        return


IMPRINT = tsp.MessageImprint({"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": b"\0" * 32})
WRONG: dict[str, tuple[Callable[[Any], tsa.Answer], str]] = {
    "garbage": (
        lambda _openssl: lambda handler, _query: tsa.send(handler, b"no reply"),
        "no reply of RFC 3161",
    ),
    "an empty reply": (
        lambda _openssl: lambda handler, _query: tsa.send(handler, b""),
        "no reply of RFC 3161",
    ),
    "a page": (
        lambda _openssl: lambda handler, _query: tsa.send(handler, b"<html>", "text/html"),
        "200 with text/html",
    ),
    "an error": (lambda _openssl: lambda handler, _query: tsa.send(handler, b"", status=503), "503"),
    "another nonce": (
        lambda openssl: of_another_question(openssl, nonce=7),
        "answered another question",
    ),
    "another imprint": (
        lambda openssl: of_another_question(openssl, message_imprint=IMPRINT),
        "something else",
    ),
    "a drip": (lambda _openssl: slowly, "within 0.3 seconds"),
}


@pytest.mark.parametrize("what", WRONG)
def test_an_authority_that_answers_wrongly_leaves_nothing_half_signed(
    english: Layers, openssl: tsa.OpenSSL, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    answer, reason = WRONG[what]
    if what == "a drip":
        monkeypatch.setattr("records.seal.timestamping.SECONDS", 0.3)
    with tsa.served(answer(openssl)) as address:
        monkeypatch.setattr(settings, "TSA_URL", address)
        monkeypatch.setattr(settings, "TSA_ROOTS", str(openssl.roots))
        with pytest.raises(NoStamp, match=reason):
            sealed_with(english)


def test_an_authority_out_of_reach_says_so(
    english: Layers, openssl: tsa.OpenSSL, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tsa.served(tsa.well(openssl)) as address:
        pass
    monkeypatch.setattr(settings, "TSA_URL", address)
    monkeypatch.setattr(settings, "TSA_ROOTS", str(openssl.roots))
    with pytest.raises(NoStamp, match="out of reach"):
        sealed_with(english)


def test_a_stamp_that_leads_to_another_root_is_not_believed(
    english: Layers, stamping: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tsa.OpenSSL(tmp_path)
    monkeypatch.setattr(settings, "TSA_ROOTS", str(other.roots))
    with pytest.raises(NoStamp, match="doesn't lead to IMPRIMATUR_TSA_ROOTS"):
        sealed_with(english)


def test_roots_that_cannot_be_read_are_named_with_their_setting(
    stamping: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "TSA_ROOTS", str(tmp_path / "missing.pem"))
    with pytest.raises(NoStamp, match="IMPRIMATUR_TSA_ROOTS"):
        authority()
