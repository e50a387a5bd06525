"""Bundles: asked for, made by a job from the signed head, checked by both verifiers; nothing half-made is offered."""

import errno
import hashlib
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.http import Http404

from accounts.models import User
from audit import files, trail, verbs
from audit.log.sequencer import sequence
from audit.log.signer import sign_head
from audit.models import Checkpoint, Cosignature, Event
from audit.refusal import Refused
from imprimatur.bundle.checking import check
from imprimatur.bundle.verify import Source
from imprimatur.tlog.checkpoint import Cosigner
from jobs.models import Job
from jobs.progress import LeaseLost
from jobs.registry import get
from oversight import building, bundling, shelf
from oversight.building import NotMade, build
from oversight.bundling import ask_for_bundle, ask_for_request_bundle, fetch_bundle
from oversight.models import Bundle, BundleState, Engagement
from oversight.services import end_engagement
from records import store
from records.models import Record, SealCertificate
from tests.boardrooms import a_motion
from tests.dossiers import NOW, a_version
from tests.oversight.conftest import Audited, Make
from tests.oversight.pages.test_engagements import a_record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_reviews")]
LATER = NOW + timedelta(minutes=1)
VERIFY = Path(__file__).parents[3] / "imprimatur" / "bundle" / "verify.py"


def asked(user: User, **over: Any) -> Bundle:
    given: dict[str, Any] = {
        "actor": user, "engagement_id": Engagement.objects.earliest("id").pk, "with_disclosures": False, "reason": "",
        "now": LATER,
    }  # fmt: skip
    return ask_for_bundle(**given | over)


def asked_of_request(user: User, audited: Audited, *, reason: str = "") -> Bundle:
    return ask_for_request_bundle(
        actor=user,
        reference=audited.request.reference,
        with_disclosures=bool(reason),
        reason=reason,
        now=LATER,
    )


def signed() -> None:
    sequence(LATER)
    assert sign_head(LATER) is not None


def again(bundle: Bundle) -> Bundle:
    return Bundle.objects.get(pk=bundle.pk)


def make(bundle: Bundle) -> Bundle:
    """Let the sequencer and the worker do their work."""
    signed()
    build({"bundle": bundle.pk}, clock=lambda: LATER)
    return again(bundle)


def taken(bundle: Bundle) -> Path:
    """Return the bundle as somebody downloads it."""
    path = shelf.folder().parent / f"taken-{bundle.pk}.zip"
    file = shelf.open_bundle(bundle.pk, again(bundle).size)
    assert file is not None
    with file:
        path.write_bytes(file.read())
    return path


def inside(bundle: Bundle, name: str) -> list[dict[str, Any]]:
    with zipfile.ZipFile(taken(bundle)) as opened:
        return [json.loads(line) for line in opened.read(name).splitlines()]


def names(bundle: Bundle) -> set[str]:
    with zipfile.ZipFile(taken(bundle)) as opened:
        return set(opened.namelist())


def is_whole(bundle: Bundle) -> bool:
    """Check it with the faster of the two verifiers, which raises when anything is wrong."""
    found = check(Source(taken(bundle)), tell=lambda _what, _done, _of: None, processes=1)
    return bool(found["size"] == bundle.tree_size and found["scope_is_in_log"])


def a_sealed_record(audited: Audited, content: bytes) -> Record:
    record = a_record(audited)
    seal = SealCertificate.objects.create(sha256="c" * 64, chain="-", first_used_at=NOW)
    Record.objects.filter(pk=record.pk).update(
        state="sealed", sealed_at=NOW, signer=seal, file_sha256=store.keep(content), file_size=len(content),
        base_sha256="d" * 64, base_size=1,
    )  # fmt: skip
    record.refresh_from_db()
    trail.record("record.sealed", obj=record, actor=None, now=NOW, data={"file_sha256": record.file_sha256})
    return record


def evidence(audited: Audited, *contents: bytes) -> list[str]:
    """Hand in files about the request; all have one name."""
    verbs.register("thing.given", "Thing given", "Somebody handed something in.")
    digests = [files.keep_chunks([content]).sha256 for content in contents]
    for sha256 in digests:
        trail.record(
            "thing.given", obj=audited.request, actor=audited.house.ravi, now=NOW, data={"sha256": sha256},
            personal={"name": "report.pdf"},
        )  # fmt: skip
    return digests


@pytest.fixture(autouse=True)
def _own_folders(settings: Any, tmp_path: Path) -> None:
    """The signer remembers what it signed, whatever the database forgets after a test."""
    settings.DATA_DIR, settings.LOG_SIGNER = tmp_path, tmp_path / "signer"


@pytest.mark.both_engines
def test_the_bundle_of_an_engagement_is_whole_for_whoever_checks_it(audited: Audited, aude: User) -> None:
    record = a_sealed_record(audited, b"%PDF of a decision")
    given = evidence(audited, b"one report", b"another of the same name")
    made = make(asked(aude))
    assert (made.state, made.failure) == (BundleState.READY, "")
    path, kept = taken(made), shelf.place(made.pk)
    assert (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_size) == (made.sha256, made.size)
    assert kept.stat().st_mode & 0o777 == 0o600
    assert b"one report" in path.read_bytes()
    assert b"one report" not in kept.read_bytes()
    assert is_whole(made)
    ran = subprocess.run(
        [sys.executable, str(VERIFY), str(path)], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout
    assert {f"attachments/{sha256}" for sha256 in given} < names(made)
    assert f"records/{record.reference}-{record.pk}.pdf" in names(made)
    told = {line["type"] for line in inside(made, "state.jsonl")}
    assert {"reviews.reviewrequest", "registry.project", "oversight.engagement"} < told
    event = Event.objects.get(verb="bundle.made")
    assert made.sha256 in bytes(event.leaf).decode()
    assert event.actor == ""


def test_names_and_reasons_go_along_only_when_they_are_asked_for_with_a_reason(
    audited: Audited, aude: User
) -> None:
    with pytest.raises(Refused, match="why"):
        asked(aude, with_disclosures=True, reason="  ")
    without = make(asked(aude))
    assert inside(without, "disclosures.jsonl") == []
    assert b"Ravi Requester" not in taken(without).read_bytes()
    named = make(asked(aude, with_disclosures=True, reason="To talk to them."))
    assert is_whole(named)
    assert "Ravi Requester" in {line["value"] for line in inside(named, "disclosures.jsonl")}
    event = Event.objects.filter(verb="bundle.asked").latest("id")
    assert event.disclosures.get(path="reason").value == "To talk to them."


def test_the_bundle_of_a_request_discloses_its_story_alone_and_has_all_leaves(
    audited: Audited, wanda: User
) -> None:
    mine = evidence(audited, b"mine")
    verbs.register("thing.given", "Thing given", "Somebody handed something in.")
    others = files.keep_chunks([b"of the other project"]).sha256
    trail.record("thing.given", obj=audited.other, actor=audited.house.ravi, now=NOW, data={"sha256": others})
    made = make(asked_of_request(audited.house.lex, audited, reason="A court asks."))
    assert is_whole(made)
    assert {line["type"] for line in inside(made, "state.jsonl")}.isdisjoint(
        {"registry.project", "oversight.engagement"}
    )
    assert {name for name in names(made) if name.startswith("attachments/")} == {f"attachments/{mine[0]}"}
    story = set(
        Event.objects.filter(root_id=str(audited.request.pk)).values_list("entry__leaf_index", flat=True)
    )
    assert {line["index"] for line in inside(made, "disclosures.jsonl")} <= story
    assert made.tree_size == Event.objects.filter(entry__isnull=False).count()


def test_under_a_period_nothing_of_another_time_is_disclosed(audited: Audited, engage: Make) -> None:
    engagement = engage("Pia Auditor", period_until=NOW - timedelta(days=9))
    auditor = engagement.grants.get().user
    given = evidence(audited, b"handed in after the period")
    made = make(asked(auditor, engagement_id=engagement.pk, with_disclosures=True, reason="To see."))
    assert is_whole(made)
    assert f"attachments/{given[0]}" not in names(made)
    own = set(
        Event.objects.filter(root_type="oversight.engagement").values_list("entry__leaf_index", flat=True)
    )
    assert {line["index"] for line in inside(made, "disclosures.jsonl")} <= own


def test_what_changes_while_a_bundle_is_made_makes_it_no_less_whole(audited: Audited, aude: User) -> None:
    """A row that an event beyond the signed head tells of would not be what the newest leaf in the bundle says."""
    bundle = asked(aude)
    signed()
    a_motion(audited.house, audited.house.ethics_review(audited.request), now=LATER)
    build({"bundle": bundle.pk}, clock=lambda: LATER)
    assert is_whole(again(bundle))
    assert "reviews.motion" not in {line["type"] for line in inside(bundle, "state.jsonl")}


def test_what_somebody_changed_behind_our_back_is_found_in_the_bundle(audited: Audited, aude: User) -> None:
    bundle = asked(aude)
    type(audited.request).objects.filter(pk=audited.request.pk).update(tier=1)
    made = make(bundle)
    ran = subprocess.run(
        [sys.executable, str(VERIFY), str(taken(made))], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 1
    assert "reviews.reviewrequest" in ran.stdout + ran.stderr


def test_the_question_stands_in_the_log_and_a_head_before_it_is_not_enough(
    audited: Audited, aude: User
) -> None:
    signed()
    bundle = asked(aude)
    with pytest.raises(NotMade, match="no signed head"):
        build({"bundle": bundle.pk}, clock=lambda: LATER)
    assert again(bundle).failure.startswith("The log has no signed head")
    made = make(bundle)
    (scope,) = [line for line in inside(made, "files.jsonl") if line["path"] == "scope.json"]
    (index,) = scope["events"]
    assert scope["sha256"] in bytes(Event.objects.get(entry__leaf_index=index).leaf).decode()


def test_where_there_are_witnesses_a_bundle_waits_for_one_and_says_who_they_are(
    audited: Audited, aude: User, settings: Any
) -> None:
    witness = Cosigner("witness.example/one", Ed25519PrivateKey.generate())
    settings.LOG_WITNESSES = f"{witness.vkey} http://127.0.0.1:9/"
    bundle = asked(aude)
    signed()
    head = Checkpoint.objects.latest("id")
    stranger = Cosigner("witness.example/other", Ed25519PrivateKey.generate())
    text = head.note.split("\n\n")[0] + "\n"
    for cosigner in (stranger, witness):
        with pytest.raises(NotMade, match="No witness"):
            build({"bundle": bundle.pk}, clock=lambda: LATER)
        line = str(cosigner.cosign(text, 1_790_000_000))
        Cosignature.objects.create(checkpoint=head, witness=cosigner.name, line=line, made_at=LATER)
    build({"bundle": bundle.pk}, clock=lambda: LATER)
    assert is_whole(again(bundle))
    (policy,) = inside(bundle, "policy")
    assert (policy["witnesses"], policy["required"]) == ([witness.vkey], 1)


def test_the_lease_is_kept_while_a_large_file_goes_by(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, str]] = []
    monkeypatch.setattr(building, "report", lambda *given: told.append(given))
    monkeypatch.setattr(building, "BEAT", 1e9)
    progress = building.Progress(1000)
    for part, done in (
        ("reading", 500),
        ("reading", 501),
        ("checkpoints", 1),
        ("events", 1000),
        ("files", 3),
    ):
        progress(part, done)
    progress.still()
    assert told == [
        (15, "reading 500/1000"), (15, "checkpoints 1"), (85, "events 1000/1000"), (85, "files 3"),
    ]  # fmt: skip
    monkeypatch.setattr(building, "BEAT", -1.0)
    progress.still()
    assert told[-2:] == [(85, "files 3"), (85, "files 3")]


def test_asking_enqueues_one_job_and_asking_again_meanwhile_is_refused(audited: Audited, aude: User) -> None:
    bundle = asked(aude)
    job = Job.objects.get(key=f"bundle-{bundle.pk}")
    assert (job.kind, job.payload) == ("bundle.build", {"bundle": bundle.pk})
    assert get(job.kind).handler is build
    with pytest.raises(Refused, match="already"):
        asked(aude)
    Job.objects.update(state="failed")
    assert asked(aude).pk != bundle.pk


def test_a_worker_that_is_killed_in_the_middle_leaves_nothing_that_is_offered(
    audited: Audited, aude: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = asked(aude)
    signed()

    def die(_percent: int, text: str) -> None:
        if text.startswith("events"):
            (shelf.folder() / "kept.part").hardlink_to(shelf.folder() / f"{bundle.pk}.locked.part")
            raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(building, "report", die)
        with pytest.raises(SystemExit):
            build({"bundle": bundle.pk}, clock=lambda: LATER)
    (shelf.folder() / "kept.part").rename(
        shelf.folder() / f"{bundle.pk}.locked.part"
    )  # as a SIGKILL leaves it
    assert again(bundle).state == BundleState.ASKED
    with pytest.raises(Refused):
        fetch_bundle(actor=aude, bundle_id=bundle.pk, begins=True, now=LATER)
    build({"bundle": bundle.pk}, clock=lambda: LATER)
    made = again(bundle)
    assert is_whole(made)
    assert [path.name for paths in shelf.on_it().values() for path in paths] == [f"{bundle.pk}.locked"]
    build({"bundle": bundle.pk}, clock=lambda: LATER)  # a job that runs twice makes nothing twice
    assert again(bundle).sha256 == made.sha256
    assert Event.objects.filter(verb="bundle.made").count() == 1


def test_a_worker_that_lost_its_lease_stops_and_offers_nothing(
    audited: Audited, aude: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = asked(aude)
    signed()

    def lose(percent: int, _text: str) -> None:
        if percent >= 99:
            raise LeaseLost

    monkeypatch.setattr(building, "report", lose)
    with pytest.raises(LeaseLost):
        build({"bundle": bundle.pk}, clock=lambda: LATER)
    assert (again(bundle).state, again(bundle).failure) == (BundleState.ASKED, "")


class FullDisk(shelf.Locked):
    """A file on a disk that has room for a few bytes more."""

    room = 5000

    def write(self, content: bytes, /) -> int:
        self.room -= len(content)
        if self.room < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().write(content)


def test_on_a_full_disk_it_says_so_leaves_nothing_and_is_made_when_there_is_room(
    audited: Audited, aude: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = asked(aude)
    signed()

    with monkeypatch.context() as patch:
        patch.setattr(shelf, "Locked", FullDisk)
        with pytest.raises(NotMade, match="The disk is full"):
            build({"bundle": bundle.pk}, clock=lambda: LATER)
    assert "administrator makes room" in again(bundle).failure
    assert shelf.on_it() == {}
    build({"bundle": bundle.pk}, clock=lambda: LATER)
    assert (again(bundle).state, again(bundle).failure) == (BundleState.READY, "")
    assert is_whole(again(bundle))


def test_a_file_that_is_lost_is_named_and_nothing_is_offered_without_it(audited: Audited, aude: User) -> None:
    (sha256,) = evidence(audited, b"soon gone")
    bundle = asked(aude)
    signed()
    place = files.place_of(sha256)
    place.write_bytes(place.read_bytes()[:-1])
    with pytest.raises(NotMade, match=sha256[:16]):
        build({"bundle": bundle.pk}, clock=lambda: LATER)
    assert again(bundle).state == BundleState.ASKED
    place.unlink()


def test_only_who_may_asks_and_fetches(
    audited: Audited, aude: User, basil: User, lars: User, otto: User
) -> None:
    house = audited.house
    made = make(asked(aude))
    for somebody in (aude, house.ada):
        fetch_bundle(actor=somebody, bundle_id=made.pk, begins=True, now=LATER).close()
    for somebody in (basil, lars, otto, house.lex, house.ravi, house.chloe, house.ugo):
        with pytest.raises(Http404):
            fetch_bundle(actor=somebody, bundle_id=made.pk, begins=True, now=LATER)
        with pytest.raises(Http404):
            asked(somebody)
    for somebody in (house.ravi, house.chloe, house.sena, house.ugo, lars, otto):
        with pytest.raises(Http404):
            asked_of_request(somebody, audited)
    for somebody in (house.ada, house.lex, aude, basil):
        assert asked_of_request(somebody, audited).request == audited.request
    of_lex = make(Bundle.objects.get(asked_by=house.lex))
    for somebody in (aude, basil, house.sid):
        with pytest.raises(Http404):
            fetch_bundle(actor=somebody, bundle_id=of_lex.pk, begins=True, now=LATER)
    assert Event.objects.filter(verb="bundle.downloaded").count() == 2


def test_a_download_is_one_event_however_often_its_line_breaks(audited: Audited, aude: User) -> None:
    made = make(asked(aude))

    def fetch(*, begins: bool, hours: int = 0) -> int:
        at = LATER + timedelta(hours=hours)
        fetch_bundle(actor=aude, bundle_id=made.pk, begins=begins, now=at).close()
        return Event.objects.filter(verb="bundle.downloaded").count()

    assert fetch(begins=False) == 1  # who begins in the middle begins all the same
    assert fetch(begins=False) == 1
    assert fetch(begins=True) == 2
    assert fetch(begins=False, hours=23) == 2
    assert fetch(begins=False, hours=25) == 3
    shelf.place(made.pk).write_bytes(b"cut off")
    with pytest.raises(Refused, match="damaged"):
        fetch(begins=True)
    assert Event.objects.filter(verb="bundle.downloaded").count() == 3


def test_the_file_goes_when_its_time_is_over_and_what_it_was_stays_known(
    audited: Audited, aude: User, engage: Make,
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[Any]],
) -> None:  # fmt: skip
    made, ends = make(asked(aude)), Engagement.objects.earliest("id")
    short = engage("Pia Auditor", ends_at=NOW + timedelta(days=3))
    other = make(asked(short.grants.get().user, engagement_id=short.pk))
    assert (made.expires_at, other.expires_at) == (LATER + bundling.KEPT, short.ends_at)
    for stray in (f"{made.pk}.locked.part", "999999.locked", "999999.locked.part"):
        (shelf.folder() / stray).write_bytes(b"left by a killed worker")
    assert bundling.sweep(LATER) == 0
    assert sorted(path.name for paths in shelf.on_it().values() for path in paths) == sorted(
        [f"{made.pk}.locked", f"{other.pk}.locked"]
    )
    with django_capture_on_commit_callbacks(execute=True):
        assert bundling.sweep(short.ends_at) == 1
    end_engagement(actor=audited.house.ada, engagement_id=ends.pk, reason="Enough.", now=LATER)
    with django_capture_on_commit_callbacks(execute=True):
        assert bundling.sweep(LATER) == 1
    assert shelf.on_it() == {}
    assert {(row.state, bool(row.sha256)) for row in Bundle.objects.all()} == {(BundleState.GONE, True)}
    assert Event.objects.filter(verb="bundle.expired").count() == 2
    with pytest.raises(Refused):
        fetch_bundle(actor=audited.house.ada, bundle_id=made.pk, begins=True, now=LATER)
    with pytest.raises(Http404):
        fetch_bundle(actor=aude, bundle_id=made.pk, begins=True, now=LATER)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_is_said_in_words(number: int) -> None:
    assert "The disk is full" in building.why(OSError(number, "x"))
    assert "The disk is full" not in building.why(OSError(errno.EACCES, "x"))


def test_a_version_that_is_registered_later_needs_no_bundle_of_its_own(audited: Audited, aude: User) -> None:
    """Two bundles of the same scope differ by what happened in between, and each is whole."""
    first = make(asked(aude))
    a_version(audited.house.ravi, number="7.7", now=LATER)
    second = make(asked(aude))
    assert is_whole(first)
    assert is_whole(second)
    assert second.tree_size > first.tree_size
    assert second.sha256 != first.sha256
