"""Bundles: what is in them, whole for both verifiers; who asks for them, fetches them, and how long they lie there."""

import hashlib
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.http import Http404
from django.test import Client

from accounts.models import User
from audit import files, trail, verbs
from audit.models import Event
from audit.refusal import Refused
from oversight import bundling, shelf
from oversight.building import build
from oversight.bundling import fetch_bundle
from oversight.models import Bundle, BundleState, Engagement
from oversight.services import end_engagement
from reminders.models import Message
from tests.boardrooms import a_motion
from tests.dossiers import NOW, a_version
from tests.oversight.bundles import (
    LATER,
    VERIFY,
    a_sealed_record,
    again,
    asked,
    asked_of_request,
    evidence,
    inside,
    is_whole,
    make,
    names,
    signed,
    taken,
)
from tests.oversight.conftest import Audited, Make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_reviews")]


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
    kinds = {line["type"] for line in inside(made, "state.jsonl")}
    assert {"reviews.reviewrequest", "registry.project", "oversight.engagement"} < kinds
    event = Event.objects.get(verb="bundle.made")
    assert made.sha256 in bytes(event.leaf).decode()
    assert event.actor == ""
    told = Message.objects.get(kind="bundle.ready")
    assert (told.person, told.url) == (aude, f"/engagements/{made.engagement_id}/")


def test_the_policy_that_anybody_keeps_is_the_one_in_the_bundle(
    client: Client, audited: Audited, aude: User
) -> None:
    made = make(asked(aude))
    response = client.get("/log/policy")  # nobody is signed in: keys are public
    assert response.status_code == 200
    with zipfile.ZipFile(taken(made)) as opened:
        assert response.content == opened.read("policy")


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


def test_a_version_that_is_registered_later_needs_no_bundle_of_its_own(audited: Audited, aude: User) -> None:
    """Two bundles of the same scope differ by what happened in between, and each is whole."""
    first = make(asked(aude))
    a_version(audited.house.ravi, number="7.7", now=LATER)
    second = make(asked(aude))
    assert is_whole(first)
    assert is_whole(second)
    assert second.tree_size > first.tree_size
    assert second.sha256 != first.sha256


def test_legal_staff_who_have_to_keep_out_of_a_request_take_no_bundle_of_it(audited: Audited) -> None:
    lex, ravi = audited.house.lex, audited.house.ravi
    made = make(asked_of_request(lex, audited))
    fetch_bundle(actor=lex, bundle_id=made.pk, begins=True, now=LATER).close()
    type(ravi).objects.filter(pk=ravi.pk).update(line_manager=lex)
    with pytest.raises(Http404):
        asked_of_request(type(lex).objects.get(pk=lex.pk), audited)
    with pytest.raises(Http404):
        fetch_bundle(actor=type(lex).objects.get(pk=lex.pk), bundle_id=made.pk, begins=True, now=LATER)
