"""`imprimatur record verify` says offline whether a file is a record, and names what it couldn't check."""

import hashlib
import json
from pathlib import Path

import pytest
from asn1crypto import pem

from imprimatur import cli
from imprimatur.record.expected import LARGEST, Expected
from tests.records.factories import slim_context
from tests.records.services.test_sealed import foreign, issue
from tests.records.tampering import flipped

CODE = "7KQM-3XVT-9D2H-PW4C"


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Expected]:
    """A record that nobody had to sign, its root, and what was issued."""
    home = tmp_path_factory.mktemp("issued")
    content, expected = issue(slim_context(), home)
    file, roots = home / "record.pdf", home / "roots.pem"
    file.write_bytes(content)
    roots.write_bytes(b"".join(pem.armor("CERTIFICATE", item) for item in expected.roots))
    return file, roots, expected


def ask(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str]:
    status = cli.main(["record", "verify", *map(str, words)])
    told = capsys.readouterr()
    return status, told.out + told.err


def test_a_genuine_record_is_told_with_its_signatures_and_what_was_not_checked(
    issued: tuple[Path, Path, Expected], capsys: pytest.CaptureFixture[str]
) -> None:
    file, roots, expected = issued
    status, told = ask(capsys, file, "--roots", roots, "--issued", expected.file_sha256, "--code", CODE)
    assert status == 0
    assert told.startswith("Genuine, as far as was checked.")
    assert "Sealed by the organisation: Imprimatur (sig-seal)" in told
    assert f"record.json: SHA-256 {expected.record_sha256}" in told
    unchecked = told.split("Not checked:")[1]
    assert "--bundle" in unchecked
    assert "--roots" not in unchecked
    assert "--issued" not in unchecked


def test_without_roots_trust_is_not_checked_and_the_root_is_named(
    issued: tuple[Path, Path, Expected], capsys: pytest.CaptureFixture[str]
) -> None:
    file, _roots, expected = issued
    status, told = ask(capsys, file)
    assert status == 0
    (root,) = [
        line for line in told.split("Not checked:")[1].splitlines() if "SHA-256" in line and "Root" in line
    ]
    assert _digest(expected.roots[0]) in root


def test_a_machine_reads_the_same(
    issued: tuple[Path, Path, Expected], capsys: pytest.CaptureFixture[str]
) -> None:
    file, roots, expected = issued
    status, told = ask(capsys, file, "--roots", roots, "--json")
    found = json.loads(told)
    assert (status, found["genuine"], found["faults"]) == (0, True, [])
    assert found["file_sha256"] == expected.file_sha256
    assert found["unchecked"] == ["issued", "log"]
    (seal,) = found["signatures"]
    assert (seal["field"], seal["clock"], seal["covers"]) == ("sig-seal", "server", "file")


def test_a_foreign_root_another_digest_another_code_and_a_changed_byte_are_wrong(
    issued: tuple[Path, Path, Expected], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, roots, _expected = issued
    other = tmp_path / "other.pem"
    other.write_bytes(pem.armor("CERTIFICATE", [*foreign(tmp_path).cert_registry][-1].dump()))
    changed = tmp_path / "changed.pdf"
    changed.write_bytes(flipped(file.read_bytes(), 5000))
    for words, sentence in (
        ((file, "--roots", other), "the certificate is not trusted"),
        ((file, "--roots", roots, "--issued", "0" * 64), "the SHA-256 is not the one that was issued"),
        ((file, "--roots", roots, "--code", "0000-0000-0000-0000"), "it bears another code"),
        ((changed, "--roots", roots), "Wrong: "),
    ):
        status, told = ask(capsys, *words)
        assert status == 1
        assert sentence in told
        assert "Genuine" not in told


def test_what_cannot_be_read_is_not_called_wrong(
    issued: tuple[Path, Path, Expected], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, roots, _expected = issued
    text, large = tmp_path / "text.pdf", tmp_path / "large.pdf"
    text.write_text("no PDF")
    large.write_bytes(b"%PDF-1.7" + bytes(LARGEST))
    for words, sentence in (
        ((text,), "is no PDF"),
        ((large,), "longer than a record can be"),
        ((tmp_path / "none.pdf",), "No such file"),
        ((file, "--roots", text), "no certificates in PEM"),
        ((file, "--revoked", roots), "no list of revoked certificates"),
        ((file, "--issued", "abc"), "64 hexadecimal digits"),
        ((file, "--bundle", text), "can't be read"),
    ):
        status, told = ask(capsys, *words)
        assert (status, sentence in told) == (2, True), told
        assert "Genuine" not in told


def test_without_the_extra_one_sentence_says_how_to_get_it(
    issued: tuple[Path, Path, Expected], tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    (tmp_path / "pyhanko.py").write_text("raise ModuleNotFoundError('pyhanko')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    status, told = ask(capsys, issued[0])
    assert status == 2
    assert "pip install 'imprimatur[pdf]'" in told
    assert "Traceback" not in told


def _digest(certificate: bytes) -> str:
    return hashlib.sha256(certificate).hexdigest()
