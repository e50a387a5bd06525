"""`imprimatur record verify` says offline whether a file is a record, and names what it couldn't check."""

import hashlib
import json
import random
import uuid
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto import pem

from imprimatur import cli
from imprimatur.bundle.assembling import assemble
from imprimatur.bundle.content import Content, Key, Policy
from imprimatur.record.expected import LARGEST, Expected
from imprimatur.record.verify import examine
from records.canonical import canonical
from records.seal.sign import SEAL, SYSTEM
from tests.imprimatur import bundles
from tests.records import tampering
from tests.records.issued import CHAIR, LEGAL, Issued, issue, record_sha256
from tests.records.keys import TestAuthority
from tests.records.layers import NOW, lines_of
from tests.records.tampering import flipped

CODE = "7KQM-3XVT-9D2H-PW4C"
PEOPLE = [
    str(uuid.UUID(int=number, version=4)) for number in (1, 2)
]  # as tests.imprimatur.bundles calls them


@dataclass(frozen=True)
class Held:
    """What an auditor holds: the file, the roots, and what was issued."""

    file: Path
    roots: Path
    issued: Issued
    expected: Expected


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Held:
    home, issued = tmp_path_factory.mktemp("issued"), tampering.material().issued
    expected = issued.expected()
    file, roots = home / "record.pdf", home / "roots.pem"
    file.write_bytes(issued.content)
    roots.write_bytes(b"".join(pem.armor("CERTIFICATE", item) for item in expected.roots))
    return Held(file, roots, issued, expected)


def ask(capsys: pytest.CaptureFixture[str], *words: object, apart: bool = False) -> tuple[int, str]:
    """Ask the command, which reads the file in this process unless it is to do so `apart`, as it does for people."""
    with pytest.MonkeyPatch.context() as patch:
        if not apart:
            patch.setattr("imprimatur.record.commands.examine_apart", examine)
        status = cli.main(["record", "verify", *map(str, words)])
    told = capsys.readouterr()
    return status, told.out + told.err


def test_a_genuine_record_is_told_with_its_signatures_and_what_was_not_checked(
    held: Held, capsys: pytest.CaptureFixture[str]
) -> None:
    status, told = ask(
        capsys, held.file, "--roots", held.roots, "--issued", held.expected.file_sha256, "--code", CODE, apart=True,
    )  # fmt: skip
    assert status == 0
    assert told.startswith("Genuine, as far as was checked.")
    assert "Sealed by the organisation: Imprimatur (sig-seal)" in told
    assert f"record.json: SHA-256 {held.expected.record_sha256}" in told
    unchecked = told.split("Not checked:")[1]
    assert "--bundle" in unchecked
    assert "--roots" not in unchecked
    assert "--issued" not in unchecked


def test_without_anything_to_trust_it_can_not_be_told_whose_it_is_and_the_root_is_named(
    held: Held, capsys: pytest.CaptureFixture[str]
) -> None:
    status, told = ask(capsys, held.file)
    assert status == 2
    assert "Genuine" not in told
    assert "nothing says whose it is: give --roots, --issued or --bundle" in told
    for root in held.expected.roots:
        assert hashlib.sha256(root).hexdigest() in told.split("Not checked:")[1]


def test_a_machine_reads_the_same(held: Held, capsys: pytest.CaptureFixture[str]) -> None:
    status, told = ask(capsys, held.file, "--json")
    assert (status, json.loads(told)["genuine"]) == (2, None)
    status, told = ask(capsys, held.file, "--roots", held.roots, "--json")
    found = json.loads(told)
    assert (status, found["genuine"], found["faults"]) == (0, True, [])
    assert found["file_sha256"] == held.expected.file_sha256
    assert found["unchecked"] == ["seal", "issued", "log"]
    assert [(one["field"], one["level"], one["covers"]) for one in found["signatures"]] == [
        ("sig-system", "B-LTA", "revision"), (LEGAL, "B-LTA", "revision"), (CHAIR, "B-LTA", "revision"),
        ("sig-seal", "B-LTA", "revision"), ("ts-archive", "", "file"),
    ]  # fmt: skip


def test_a_newer_list_says_that_a_certificate_was_revoked_later(
    held: Held, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    newer = tmp_path / "newer.crl"
    newer.write_bytes(held.issued.house.revoking(LEGAL, NOW + timedelta(days=9)))
    status, told = ask(capsys, held.file, "--roots", held.roots, "--revoked", newer)
    assert status == 0
    assert told.count("revoked afterwards, on 2026-11-29 01:58:33 UTC: what it signed before holds") == 1


def test_a_foreign_root_another_digest_another_code_and_a_changed_byte_are_wrong(
    held: Held, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.pem"
    other.write_bytes(pem.armor("CERTIFICATE", TestAuthority().key_for("x").chain[-1].dump()))
    changed = tmp_path / "changed.pdf"
    changed.write_bytes(flipped(held.file.read_bytes(), 5000))
    for words, sentence in (
        ((held.file, "--roots", other), "the certificate is not trusted"),
        (
            (held.file, "--roots", held.roots, "--issued", "0" * 64),
            "the SHA-256 is not the one that was issued",
        ),
        ((held.file, "--roots", held.roots, "--code", "0000-0000-0000-0000"), "it bears another code"),
        ((changed, "--roots", held.roots), "Wrong: "),
    ):
        status, told = ask(capsys, *words)
        assert status == 1
        assert sentence in told
        assert "Genuine" not in told


def test_a_person_with_a_certificate_of_the_same_root_cannot_seal_for_the_organisation(
    held: Held, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house = held.issued.house
    colleague = house.authority.key_for("colleague")
    official, forged, own = tmp_path / "certificates.pem", tmp_path / "forged.pdf", tmp_path / "own.pdf"
    sealers = [item.dump() for name in (SYSTEM, SEAL) for item in house.keys[name].chain]
    stamp = house.stamp_root.dump()
    official.write_bytes(b"".join(pem.armor("CERTIFICATE", item) for item in [*sealers, stamp]))
    forged.write_bytes(issue(held.issued.base, house, keys={SYSTEM: colleague, SEAL: colleague}).content)
    lawyer = house.keys[LEGAL]
    own.write_bytes(issue(held.issued.base, house, keys={SYSTEM: lawyer, SEAL: lawyer}).content)
    status, told = ask(capsys, held.file, "--roots", official)
    assert status == 0
    assert "of somebody else under the same root" not in told
    status, told = ask(capsys, forged, "--roots", official)
    assert status == 1
    assert "sig-seal: another signer than those of the organisation that were given" in told
    status, told = ask(capsys, forged, "--roots", held.roots)
    assert status == 0  # nobody who has the root only can tell, and so it is said
    assert "of somebody else under the same root" in told.split("Not checked:")[1]
    status, told = ask(capsys, own, "--roots", held.roots)
    assert status == 1
    assert "sig-seal: another signer, with the certificate of a person" in told


def test_a_title_that_looks_like_the_code_of_another_record_is_not_taken_for_it(
    held: Held, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = "ABCDEFGH01234567"
    base = held.issued.base.replace(b"Heron-2 14B Instruct 2.3.0", b"Heron imprimatur-code-" + other.encode())
    assert base != held.issued.base
    file = tmp_path / "titled.pdf"
    file.write_bytes(base)
    for code in (other, CODE):
        _status, told = ask(capsys, file, "--code", code)
        assert "it bears another code" in told


def test_what_cannot_be_read_is_not_called_wrong(
    held: Held, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, large = tmp_path / "text.pdf", tmp_path / "large.pdf"
    text.write_text("no PDF")
    large.write_bytes(b"%PDF-1.7" + bytes(LARGEST))
    for words, sentence in (
        ((text,), "is no PDF"),
        ((large,), "longer than a record can be"),
        ((tmp_path / "none.pdf",), "No such file"),
        ((held.file, "--roots", text), "no certificates in PEM"),
        ((held.file, "--revoked", held.roots), "no list of revoked certificates"),
        ((held.file, "--issued", "abc"), "64 hexadecimal digits"),
        ((held.file, "--bundle", text), "can't be read"),
    ):
        status, told = ask(capsys, *words)
        assert (status, sentence in told) == (2, True), told
        assert "Genuine" not in told


def test_without_the_extra_one_sentence_says_how_to_get_it(
    held: Held, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    (tmp_path / "pyhanko.py").write_text("raise ModuleNotFoundError('pyhanko')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    status, told = ask(capsys, held.file, apart=True)
    assert status == 2
    assert "pip install 'imprimatur[pdf]'" in told
    assert "Traceback" not in told


# -- Against the log -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def told_of(tmp_path_factory: pytest.TempPathFactory) -> Issued:
    """A record whose signers are known to the log."""
    given, lines = tampering.material().issued, lines_of("en")
    for line, person in zip(lines, PEOPLE, strict=True):
        statement = canonical({**json.loads(line["statement"]), "signer": person})
        line["statement"], line["statement_sha256"] = (
            statement.decode(),
            hashlib.sha256(statement).hexdigest(),
        )
    return issue(given.base, given.house, lines=lines)


def bundle_of(path: Path, issued: Issued, *, without: str = "", **other: str) -> Path:
    """Write a bundle of a log that tells of the record; `without`: an event that it doesn't tell; `other`: digests."""
    log, record = bundles.Log(random.Random(7)), ("records.record", "1")
    file_sha256 = hashlib.sha256(issued.content).hexdigest()
    log.act("vote.cast", ("reviews.vote", "1"), {}, person=0)
    log.act("record.frozen", record, {"context_sha256": record_sha256()})
    for number, one in enumerate(examine(issued.content, Expected()).signatures[1:3]):
        assert one.line is not None
        said = {
            "record_sha256": record_sha256(),
            "statement_sha256": one.line["statement_sha256"],
            "role": "legal",
        }
        if without != f"decision.signed, {one.field}":
            log.act("decision.signed", ("reviews.signature", str(number)), said, person=number)
    if without != "record.sealed":
        log.act("record.sealed", record, {"file_sha256": other.get("file_sha256", file_sha256)})
    note = bundles.head(log.leaves)
    policy = Policy(bundles.LOG, [Key(bundles.LOG, bundles.SIGNERS[bundles.LOG].vkey)])
    assemble(path, Content(policy, {}, note, [note], log.leaves, disclosures=log.disclosures))
    return path


def test_the_log_must_tell_of_data_of_each_statement_and_of_the_file(
    told_of: Issued, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "record.pdf"
    file.write_bytes(told_of.content)
    status, told = ask(capsys, file, "--bundle", bundle_of(tmp_path / "whole.zip", told_of))
    assert status == 0, told
    assert "record.sealed: event 4" in told
    assert "--bundle" not in told.split("Not checked:")[1]
    for number, changes in enumerate(
        ({"without": f"decision.signed, {CHAIR}"}, {"without": "record.sealed"}, {"file_sha256": "0" * 64})
    ):
        bundle = bundle_of(tmp_path / f"{number}.zip", told_of, **changes)
        status, told = ask(capsys, file, "--bundle", bundle, "--json")
        found = json.loads(told)
        missing = changes.get("without", "record.sealed")
        assert (status, found["genuine"]) == (1, False)
        assert found["faults"] == [f"the log doesn't tell of it: {missing}"]


def test_a_bundle_that_is_not_whole_proves_nothing(
    told_of: Issued, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, folder = tmp_path / "record.pdf", tmp_path / "bundle"
    file.write_bytes(told_of.content)
    with zipfile.ZipFile(bundle_of(tmp_path / "whole.zip", told_of)) as archive:
        archive.extractall(folder)
    (leaves,) = (folder / "tile" / "entries").rglob("5")
    leaves.write_bytes(leaves.read_bytes().replace(b"vote.cast", b"vote.lost"))
    status, told = ask(capsys, file, "--bundle", folder)
    assert status == 1
    assert "the bundle of the log is wrong: event 0" in told
