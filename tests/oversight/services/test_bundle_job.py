"""The job that makes a bundle: killed, without a lease, on a full disk; nothing half-made is offered."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from accounts.models import User
from audit import files
from audit.models import Checkpoint, Cosignature, Event
from audit.refusal import Refused
from imprimatur.tlog.checkpoint import Cosigner
from jobs.models import Job
from jobs.progress import LeaseLost
from jobs.registry import get
from oversight import building, shelf
from oversight.building import NotMade, build
from oversight.bundling import fetch_bundle
from oversight.gathering import content_of
from oversight.models import BundleState, Engagement
from reviews.models import Board, BoardReview
from tests.dossiers import NOW
from tests.oversight.bundles import (
    LATER,
    again,
    asked,
    evidence,
    inside,
    is_whole,
    make,
    signed,
)
from tests.oversight.conftest import Audited

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_reviews")]


@pytest.fixture(autouse=True)
def _own_folders(settings: Any, tmp_path: Path) -> None:
    """The signer remembers what it signed, whatever the database forgets after a test."""
    settings.DATA_DIR, settings.LOG_SIGNER = tmp_path, tmp_path / "signer"


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


def test_what_a_witness_or_a_board_adds_meanwhile_changes_nothing_of_the_bundle(
    audited: Audited, basil: User
) -> None:
    """The newest head stands in it twice, and what is in scope is asked once: else its parts would differ."""
    bundle = asked(
        basil, engagement_id=Engagement.objects.latest("id").pk, with_disclosures=True, reason="To see."
    )
    signed()
    head = Checkpoint.objects.latest("id")
    content = content_of(bundle, head, lambda _part, _done: None, lambda: None)
    Cosignature.objects.create(checkpoint=head, witness="late", line="\u2014 late AAAA", made_at=LATER)
    another = Board.objects.create(slug="x", name_en="X", name_zh="X", kind="legal", created_at=NOW)
    BoardReview.objects.filter(board__slug="ethics").update(board=another)
    assert list(content.checkpoints)[-1] == content.checkpoint
    assert content.shown is not None
    disclosed = list(content.disclosures)
    assert "Ravi Requester" in {
        one.value for one in disclosed
    }  # who submitted the request that the board reviewed
    assert {one.index for one in disclosed} <= set(content.shown)


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
    assert job.run_at > LATER  # the question is signed first
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


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_is_said_in_words(number: int) -> None:
    assert "The disk is full" in building.why(OSError(number, "x"))
    assert "The disk is full" not in building.why(OSError(errno.EACCES, "x"))


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
