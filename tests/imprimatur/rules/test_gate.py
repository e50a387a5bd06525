"""The release gate, case by case: what allows, what denies and why, and what can't be decided."""

import base64
import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from imprimatur import dsse, signed, status_list, walking
from imprimatur.attestation.predicate import PAYLOAD_TYPE, Check, Condition
from imprimatur.gate.deciding import Answer, Progress, Undecided, decide
from imprimatur.gate.reasons import Code
from tests.imprimatur import gates
from tests.imprimatur.gates import LEGAL, NOW, ORGANISATION, STRANGER, Place, a_place, entry

SHARD = "shards/weights-1.bin"
STAGING = Condition("C1", "Staging only.", "open", False, checks=(Check("environment", one_of=("staging",)),))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return a_place(tmp_path)


def codes(place: Place) -> list[Code]:
    verdict = place.judge()
    assert verdict.answer == (Answer.DENY if verdict.reasons else Answer.ALLOW)
    return [reason.code for reason in verdict.reasons]


def test_the_approved_folder_is_allowed(place: Place) -> None:
    assert codes(place) == []


def in_staging(place: Place) -> None:
    place.decide(conditions=[STAGING])
    place.environment = "staging"


def settled(place: Place) -> None:
    met = Condition("C1", "Red team.", "met", True)
    waived = Condition("C2", "Elsewhere.", "waived", True, checks=(Check("environment", one_of=("moon",)),))
    place.decide(outcome="approved_with_conditions", conditions=[met, waived])


def left_out(place: Place) -> None:
    place.decide(ignore=(".git/", "notes.txt"))
    (place.model / ".git" / "refs").mkdir(parents=True)
    (place.model / ".git" / "refs" / "head").write_text("x")
    (place.model / "notes.txt").write_text("x")
    place.ignored = (".git/refs/head",)


def two_signed(place: Place) -> None:
    place.keys.append(place.key("legal", LEGAL))
    place.decide(LEGAL, ORGANISATION)


def key_changed(place: Place) -> None:
    place.keys = [place.key("organisation", STRANGER, ORGANISATION)]
    place.list(key=STRANGER)


@pytest.mark.parametrize("arrange", [in_staging, settled, left_out, two_signed, key_changed])
def test_it_allows(place: Place, arrange: Callable[[Place], None]) -> None:
    arrange(place)
    assert codes(place) == []


def bit_flipped(place: Place) -> None:
    path = place.model / SHARD
    content = bytearray(path.read_bytes())
    content[5000] ^= 1
    path.write_bytes(content)


def renamed_in_order(place: Place) -> None:
    (place.model / SHARD).rename(place.model / "shards/weights-1.bio")


def swapped(place: Place) -> None:
    one, other = place.model / SHARD, place.model / "shards/weights-2.bin"
    content = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(content)


def linked(place: Place) -> None:
    path = place.model / SHARD
    path.rename(place.folder / "elsewhere")
    path.symlink_to(place.folder / "elsewhere")


def edited(place: Place) -> None:
    place.change('"validUntil":"2027', '"validUntil":"2037')


def of_two_minds(place: Place) -> None:
    first = place.decision.read_bytes()
    place.decide(valid_until=NOW + timedelta(days=9999))
    place.decision.write_bytes(first + place.decision.read_bytes())


def list_of_two_minds(place: Place) -> None:
    first = place.status.read_bytes()
    place.list(entry("suspended"))
    place.status.write_bytes(first + place.status.read_bytes())


def seen_a_higher_number(place: Place) -> None:
    place.list(entry("suspended"), number=8)
    assert codes(place) == [Code.SUSPENDED]
    place.list(number=7)


def two_lists_of_one_number(place: Place) -> None:
    place.list(entry("suspended"), number=8)
    assert codes(place) == [Code.SUSPENDED]
    place.list(number=8)


def rolled_back_under_an_old_key(place: Place) -> None:
    place.keys = [place.key("organisation", ORGANISATION, STRANGER)]
    place.list(key=STRANGER, number=9)
    assert codes(place) == []
    place.list(key=ORGANISATION, number=8)


def list_as_decision(place: Place) -> None:
    place.decision.write_bytes(place.status.read_bytes())


def decision_as_list(place: Place) -> None:
    place.status.write_bytes(place.decision.read_bytes())


def another_predicate(place: Place) -> None:
    payload = json.dumps(
        {
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [],
            "predicateType": "https://slsa.dev/provenance/v1",
        }
    )
    place.decision.write_bytes(signed.write(PAYLOAD_TYPE, payload.encode(), [ORGANISATION]))


def same_key_twice(place: Place) -> None:
    place.keys.append(place.key("copy", ORGANISATION))


def signed_twice_by_one(place: Place) -> None:
    place.keys.append(place.key("legal", LEGAL))
    place.decide(ORGANISATION, ORGANISATION)


def outstanding(place: Place) -> None:
    place.decide(conditions=[Condition("C1", "Red team.", "partly", True)])


def unknown_state(place: Place) -> None:
    place.decide(conditions=[Condition("C1", "Red team.", "nearly", True)])


def unknown_check(place: Place) -> None:
    place.decide(conditions=[Condition("C1", "At night.", "open", False, checks=(Check("moon_phase"),))])


def production(place: Place) -> None:
    in_staging(place)
    place.environment = "production"


def nowhere(place: Place) -> None:
    in_staging(place)
    place.environment = None


def condition_ended(place: Place) -> None:
    check = Check("expiry", before=NOW)
    place.decide(conditions=[Condition("C1", "For the trial.", "open", False, checks=(check,))])


def ignored_beyond(place: Place) -> None:
    left_out(place)
    place.ignored = ("shards/",)


def ignored_beside(place: Place) -> None:
    """A name that only begins like a folder that may be left out."""
    place.decide(ignore=("shard/",))
    place.ignored = ("shards/weights-1.bin",)


DENIED: list[tuple[Callable[[Place], object], Code]] = [
    (bit_flipped, Code.FOLDER_DIFFERS),
    (lambda place: (place.model / "extra.py").write_text("import os"), Code.FOLDER_DIFFERS),
    (lambda place: (place.model / ".hidden").write_text(""), Code.FOLDER_DIFFERS),
    (lambda place: (place.model / SHARD).unlink(), Code.FOLDER_DIFFERS),
    (renamed_in_order, Code.FOLDER_DIFFERS),
    (swapped, Code.FOLDER_DIFFERS),
    (linked, Code.FOLDER_REFUSED),
    (lambda place: (place.model / "link").symlink_to("shards"), Code.FOLDER_REFUSED),
    (lambda place: os.mkfifo(place.model / "pipe"), Code.FOLDER_REFUSED),
    (lambda place: (place.model / "two\nlines").write_text(""), Code.FOLDER_REFUSED),
    (production, Code.ENVIRONMENT_WRONG),
    (nowhere, Code.ENVIRONMENT_MISSING),
    (lambda place: place.decide(valid_until=NOW), Code.EXPIRED),
    (lambda place: place.decide(valid_from=NOW + timedelta(seconds=1)), Code.NOT_YET_VALID),
    (condition_ended, Code.EXPIRED),
    (lambda place: place.keys.append(place.key("legal", LEGAL)), Code.KEY_MISSING),
    (same_key_twice, Code.SAME_KEY_TWICE),
    (signed_twice_by_one, Code.KEY_MISSING),
    (lambda place: place.decide(STRANGER), Code.UNKNOWN_KEY),
    (lambda place: place.list(entry("revoked")), Code.REVOKED),
    (lambda place: place.list(entry("suspended")), Code.SUSPENDED),
    (lambda place: place.list(entry("superseded")), Code.SUPERSEDED),
    (lambda place: place.list(entry("expired")), Code.EXPIRED),
    (lambda place: place.list(entry("haunted")), Code.ENDED),
    (lambda place: place.list(next_update=NOW), Code.STATUS_STALE),
    (lambda place: place.list(issued=NOW + timedelta(minutes=6)), Code.STATUS_OF_THE_FUTURE),
    (lambda place: place.list(key=STRANGER), Code.STATUS_UNKNOWN_KEY),
    (lambda place: place.list(id="another"), Code.STATUS_OF_ANOTHER),
    (lambda place: place.list(issuer="Somebody else"), Code.STATUS_OF_ANOTHER),
    (lambda place: place.status.unlink(), Code.STATUS_MISSING),
    (seen_a_higher_number, Code.STATUS_ROLLED_BACK),
    (rolled_back_under_an_old_key, Code.STATUS_ROLLED_BACK),
    (two_lists_of_one_number, Code.STATUS_FORKED),
    (edited, Code.UNKNOWN_KEY),
    (of_two_minds, Code.PAYLOADS_DIFFER),
    (list_of_two_minds, Code.STATUS_PAYLOADS_DIFFER),
    (lambda place: place.decide(outcome="rejected"), Code.NOT_APPROVED),
    (lambda place: place.decide(outcome="blessed"), Code.NOT_APPROVED),
    (outstanding, Code.CONDITION_OUTSTANDING),
    (unknown_state, Code.CONDITION_OUTSTANDING),
    (unknown_check, Code.CONDITION_UNKNOWN),
    (list_as_decision, Code.NO_DECISION),
    (decision_as_list, Code.NO_STATUS),
    (another_predicate, Code.NO_DECISION),
    (ignored_beyond, Code.IGNORED_TOO_MUCH),
    (ignored_beside, Code.IGNORED_TOO_MUCH),
]


@pytest.mark.parametrize(("arrange", "code"), DENIED)
def test_it_denies_and_says_why(place: Place, arrange: Callable[[Place], object], code: Code) -> None:
    arrange(place)
    verdict = place.judge()
    assert verdict.answer == Answer.DENY
    assert [reason.code for reason in verdict.reasons] == [code]
    assert verdict.reasons[0].sentence.endswith((".", "only, not production."))


@pytest.mark.parametrize(
    ("arrange", "kind", "paths"),
    [
        (bit_flipped, "changed", [SHARD]),
        (swapped, "changed", [SHARD, "shards/weights-2.bin"]),
        (lambda place: (place.model / "shards!").write_text("x"), "added", ["shards!"]),
        (lambda place: (place.model / SHARD).unlink(), "removed", [SHARD]),
    ],
)
def test_the_files_that_differ_are_named(
    place: Place, arrange: Callable[[Place], object], kind: str, paths: list[str]
) -> None:
    arrange(place)
    found = place.judge().difference
    assert found is not None
    assert found.named == {"changed": [], "added": [], "removed": []} | {kind: paths}


def test_without_the_approved_manifest_it_denies_with_both_digests(place: Place) -> None:
    place.manifest = None
    bit_flipped(place)
    (reason,) = place.judge().reasons
    assert "--manifest" in reason.sentence


def test_the_signed_list_alone_says_what_is_left_out(place: Place) -> None:
    (place.model / "notes.txt").write_text("x")
    place.ignored = ("notes.txt",)
    assert codes(place) == [Code.IGNORED_TOO_MUCH]


def test_a_folder_that_changes_while_it_is_read_is_denied(place: Place) -> None:
    asked = place.asked()
    changed: list[int] = []

    class Meddling(Progress):
        def add(self, count: int) -> None:
            if not changed:
                changed.append(count)
                (place.model / "late.bin").write_text("x")

    verdict = decide(asked, lambda: NOW, Meddling())
    assert [reason.code for reason in verdict.reasons] == [Code.FOLDER_REFUSED]
    assert "changed while it was read" in verdict.reasons[0].sentence


def test_a_file_put_back_with_its_old_time_still_shows(place: Place) -> None:
    path, asked = place.model / SHARD, place.asked()
    changed: list[int] = []

    class Meddling(Progress):
        def add(self, count: int) -> None:
            if not changed:
                changed.append(count)
                facts = path.stat()
                path.write_bytes(path.read_bytes())
                os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))

    verdict = decide(asked, lambda: NOW, Meddling())
    assert [reason.code for reason in verdict.reasons] == [Code.FOLDER_REFUSED]


def test_an_approval_that_ends_while_the_folder_is_read_is_denied(place: Place) -> None:
    times = iter([NOW, NOW + timedelta(days=400)])
    verdict = decide(place.asked(), lambda: next(times), Progress())
    assert Code.EXPIRED in [reason.code for reason in verdict.reasons]


def test_a_denial_for_another_reason_doesnt_read_the_folder(place: Place) -> None:
    bit_flipped(place)
    place.list(entry("suspended"))
    verdict = place.judge()
    assert [reason.code for reason in verdict.reasons] == [Code.SUSPENDED]
    assert not verdict.manifest_sha256


def test_a_higher_number_is_kept_also_when_the_answer_is_no(place: Place) -> None:
    place.list(entry("suspended"), number=12)
    place.judge()
    kept = json.loads(place.state.read_text())["lists"][gates.LIST]
    assert [seen["number"] for seen in kept.values()] == [12]
    assert place.state.stat().st_mode & 0o077 == 0


def test_a_list_of_a_stranger_leaves_nothing_in_the_memory(place: Place) -> None:
    place.list(key=STRANGER, number=99)
    place.judge()
    assert not place.state.exists()
    place.list()
    assert codes(place) == []


def line_of(place: Place, **changes: object) -> str:
    bundle = json.loads(place.decision.read_text())
    return json.dumps({**bundle, **changes})


def envelope(place: Place, **changes: object) -> str:
    bundle = json.loads(place.decision.read_text())
    bundle["dsseEnvelope"] |= changes
    return json.dumps(bundle)


def written(path: Path, text: str) -> None:
    path.parent.mkdir()
    path.write_text(text)


UNDECIDED: dict[str, Callable[[Place], object]] = {
    "garbage": lambda place: place.decision.write_bytes(os.urandom(2000)),
    "empty": lambda place: place.decision.write_bytes(b""),
    "truncated": lambda place: place.decision.write_bytes(place.decision.read_bytes()[:-40]),
    "100 MB": lambda place: os.truncate(place.decision, 100 * 1000**2),
    "deep": lambda place: place.decision.write_text("[" * 10_000),
    "a key twice": lambda place: place.decision.write_text(
        place.decision.read_text().replace('{"mediaType"', '{"mediaType":"x","mediaType"')
    ),
    "NaN": lambda place: place.decision.write_text(line_of(place, more=float("nan"))),
    "no bundle": lambda place: place.decision.write_text(json.dumps({"payload": "e30="})),
    "another version": lambda place: place.decision.write_text(
        line_of(place, mediaType="application/vnd.dev.sigstore.bundle.v0.9+json")
    ),
    "no envelope": lambda place: place.decision.write_text(line_of(place, dsseEnvelope=None)),
    "no base64": lambda place: place.decision.write_text(envelope(place, payload="!!!!")),
    "no signature": lambda place: place.decision.write_text(envelope(place, signatures=[])),
    "two signatures": lambda place: place.decision.write_text(
        envelope(place, signatures=[{"sig": "AAAA"}, {"sig": "AAAA"}])
    ),
    "decision missing": lambda place: place.decision.unlink(),
    "status garbage": lambda place: place.status.write_bytes(b"\x00" * 50),
    "status 100 MB": lambda place: os.truncate(place.status, 100 * 1000**2),
    "folder missing": lambda place: place.model.rename(place.folder / "away"),
    "folder is a file": lambda place: (
        place.model.rename(place.folder / "away").joinpath("config.json").rename(place.model)
    ),
    "key missing": lambda place: place.keys[0].unlink(),
    "key garbage": lambda place: place.keys[0].write_text("hello"),
    "key is private": lambda place: place.keys[0].write_bytes(
        ORGANISATION.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    ),
    "memory damaged": lambda place: written(place.state, "{}"),
    "memory is a folder": lambda place: place.state.mkdir(parents=True),
    "another manifest": lambda place: place.manifest and place.manifest.write_text("x"),
}


@pytest.mark.parametrize("case", UNDECIDED)
def test_it_cant_be_decided(place: Place, case: str) -> None:
    UNDECIDED[case](place)
    with pytest.raises(Undecided) as caught:
        place.judge()
    assert str(caught.value).endswith(".")


def test_what_cant_be_read_in_the_folder_is_not_decided(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an ordinary user, by permissions; root may read everything, so the system's answer is given here."""

    def refuse(*_args: object) -> None:
        raise PermissionError(13, "Permission denied", str(place.model / SHARD))

    monkeypatch.setattr(walking, "_digest", refuse)
    with pytest.raises(Undecided, match="Permission denied"):
        place.judge()


def test_signatures_hold_for_their_type_only() -> None:
    key = dsse.new_key()
    signature = dsse.sign(key, PAYLOAD_TYPE, b"{}")
    public = dsse.public_of(key)
    assert public.verifies(signature, PAYLOAD_TYPE, b"{}")
    assert not public.verifies(signature, status_list.PAYLOAD_TYPE, b"{}")
    assert not public.verifies(signature, PAYLOAD_TYPE, b"{} ")
    assert dsse.pae("http://example.com/HelloWorld", b"hello world") == (
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"  # the example of the DSSE protocol
    )


def test_an_ed25519_key_works_as_well(place: Place) -> None:
    key = Ed25519PrivateKey.generate()
    place.keys = [place.key("modern", key)]
    place.decide(key)
    place.list(key=key)
    assert codes(place) == []


def test_a_list_is_refused_that_names_a_decision_twice() -> None:
    two = replace(gates.a_list(), entries=(entry("suspended"), entry("revoked")))
    with pytest.raises(status_list.NoStatusList, match="twice"):
        status_list.read(status_list.write(two))


def test_what_is_written_is_read_again() -> None:
    one = replace(gates.a_list(), entries=(entry("suspended"),))
    assert status_list.read(status_list.write(one)) == one
    assert base64.b64encode(status_list.write(one)) == base64.b64encode(status_list.write(one))
