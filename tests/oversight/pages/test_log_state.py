"""The state of the log, its signed heads, and checks that somebody asks for."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from audit.log import alarms, verifying
from audit.log.sequencer import sequence
from audit.models import Checkpoint, Event, LogKey, Outcome, Reconciliation, Verification, WitnessAnswer
from audit.reconciling import keeping
from jobs.models import Job
from oversight import log_state
from oversight.log_state import Cause, glance
from tests.audit.logs import signed, signer_in
from tests.dossiers import NOW
from tests.oversight.conftest import Audited

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_reviews")]

Budget = Callable[[int], AbstractContextManager[None]]


@pytest.fixture(autouse=True)
def _signer(settings: Any, tmp_path: Path) -> None:
    signer_in(settings, tmp_path / "signer")


def text(client: Client, url: str = "/log/state/") -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode()


@pytest.mark.both_engines
def test_what_is_worst_decides_how_the_log_does(audited: Audited) -> None:
    first = Event.objects.earliest("id").occurred_at
    assert glance(first + timedelta(seconds=5)).cause == Cause.UNSIGNED
    assert glance(first + timedelta(minutes=2)).cause == Cause.SLOW
    assert glance(first + timedelta(minutes=11)).cause == Cause.STUCK
    now = timezone.now()
    signed(now)
    assert glance(now).cause == Cause.UNVERIFIED
    found = verifying.carry_out()
    signed(now)
    assert glance(found.made_at).cause == Cause.WELL
    assert glance(found.made_at + timedelta(days=3)).cause == Cause.UNVERIFIED
    Verification.objects.create(
        made_at=now + timedelta(seconds=9), finished_at=now, size=1, root="", events=1, disclosures=0, checkpoints=1,
        faults=["Event 0 is missing."],
    )  # fmt: skip
    assert glance(now).cause == Cause.FAULTS
    alarms.raise_("sign.log.fork", "Look at it.", now)
    assert (glance(now).cause, glance(now).alarms) == (Cause.ALARM, 1)


@pytest.mark.both_engines
def test_figures_say_how_far_the_log_is(audited: Audited) -> None:
    signed()
    size = Event.objects.count()
    found = glance(NOW)
    assert (found.size, found.signed_size, found.waiting.count) == (size, size, 0)
    assert (found.verified_size, found.witnesses, found.cosigned) == (None, 0, 0)
    Event.objects.create(**{
        field: getattr(Event.objects.latest("id"), field)
        for field in ("leaf", "object_type", "object_id", "verb", "root_type", "root_id", "occurred_at")
    })  # fmt: skip
    later = glance(NOW)
    assert (later.size, later.waiting.count, later.waiting.since) == (
        size,
        1,
        Event.objects.latest("id").occurred_at,
    )


def test_the_page_shows_head_keys_witnesses_alarms_and_what_was_checked(
    client: Client, audited: Audited, aude: User, django_assert_max_num_queries: Budget
) -> None:
    head = signed()
    WitnessAnswer.objects.create(
        vkey="w", witness="witness.example", url="https://witness.example", origin=head.origin, asked_at=NOW,
        answered_at=NOW, cosigned_at=NOW, outcome=Outcome.COSIGNED, size=head.size,
    )  # fmt: skip
    head.cosignatures.create(witness="witness.example", line="— witness.example AAAA", made_at=NOW)
    verifying.carry_out()
    Reconciliation.objects.create(made_at=NOW, finished_at=NOW, rows=7)
    alarms.raise_("witness.x", "It has seen a longer log.", NOW)
    client.force_login(aude)
    text(client)
    with django_assert_max_num_queries(15):
        page = text(client)
    for shown in (
        head.note, LogKey.objects.get().vkey, "— witness.example AAAA", "It has seen a longer log.", "nothing wrong",
        "all as the log tells", "Verify now", "Compare now",
    ):  # fmt: skip
        assert shown.strip().split("\n")[0] in page.replace("&#x27;", "'").replace("&amp;", "&")
    assert [
        (reach.kind, reach.size) for reach in log_state.state(NOW, verify="a", reconcile="b").reaches
    ] == [("recorded", Event.objects.count())] + [  # the visit of this page is an event too
        (kind, head.size) for kind in ("ordered", "signed", "cosigned", "verified")
    ]


def test_heads_are_handed_out_as_they_were_signed_and_listed_in_pages(
    client: Client, wanda: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oversight.heads.LISTED", 2)
    client.force_login(wanda)
    assert client.get("/log/checkpoint").status_code == 404
    assert "Nothing is signed yet." in text(client, "/log/checkpoints/")
    heads = [signed()]
    for at in range(3):
        verifying.ask(actor=wanda, now=NOW + timedelta(minutes=at))
        Job.objects.all().delete()
        heads.append(signed(NOW + timedelta(minutes=at)))
    assert client.get("/log/checkpoint").content.decode() == heads[-1].cosigned
    assert client.get(f"/log/checkpoints/{heads[0].pk}").content.decode() == heads[0].note
    first = text(client, "/log/checkpoints/")
    second = text(client, f"/log/checkpoints/?before={heads[2].pk}")
    shown = [[f"/log/checkpoints/{head.pk}" in page for head in heads] for page in (first, second)]
    assert shown == [[False, False, True, True], [True, True, False, False]]
    assert f"?before={heads[2].pk}" in first


def test_a_verification_is_asked_for_once_and_a_worker_makes_it(client: Client, wanda: User) -> None:
    client.force_login(wanda)
    client.post("/log/verify")
    assert not Job.objects.filter(kind=verifying.JOB).exists()
    sequence(NOW)
    before = Event.objects.count()
    for _ in range(2):
        assert client.post("/log/verify")["Location"] == "/log/state/"
    job = Job.objects.get(kind=verifying.JOB)
    asked = Event.objects.filter(pk__gt=0, verb=verifying.ASKED)
    assert (asked.count(), asked.get().actor) == (1, str(wanda.pseudonym))
    assert Event.objects.exclude(verb="engagement.viewed").count() <= before + 1
    assert "Waits for a worker" in text(client)
    verifying.job(job.payload)
    assert Verification.objects.get().asked_by == str(wanda.pseudonym)


def test_the_log_is_verified_once_a_day_by_itself() -> None:
    for hours in (0, 1, 14, 15):  # the last one is the next day
        verifying.plan_daily(NOW + timedelta(hours=hours))
    assert Job.objects.filter(kind=verifying.JOB).count() == 2


def test_a_comparison_is_asked_for_on_the_same_page(client: Client, audited: Audited) -> None:
    client.force_login(audited.house.ada)
    assert client.post("/log/reconcile")["Location"] == "/log/state/"
    assert Job.objects.filter(kind=keeping.JOB).count() == 1
    assert client.get("/log/reconcile").status_code == 405


def test_a_verification_that_finds_something_raises_an_alarm_that_ends_when_it_is_gone(
    audited: Audited,
) -> None:
    signed()
    head = Checkpoint.objects.get()
    Checkpoint.objects.create(
        origin=head.origin, size=head.size - 1, root="00" * 32, note=head.note, made_at=NOW
    )
    assert not verifying.carry_out().is_whole
    assert [alarm.kind for alarm in alarms.open_alarms()] == [verifying.ALARM]


@pytest.mark.parametrize("name", ["ravi", "chloe", "sena"])
def test_for_everybody_else_there_is_no_state_of_the_log(client: Client, audited: Audited, name: str) -> None:
    signed()
    client.force_login(getattr(audited.house, name))
    for url in (
        "/log/state/",
        "/log/checkpoint",
        "/log/checkpoints/",
        f"/log/checkpoints/{Checkpoint.objects.get().pk}",
    ):
        assert client.get(url).status_code == 404
    for url in ("/log/verify", "/log/reconcile"):
        assert client.post(url).status_code == 404
    assert not Job.objects.filter(kind__in=[verifying.JOB, keeping.JOB]).exists()
