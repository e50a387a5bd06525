"""The sample organisation: made by the services, killed in the middle, gone on with, and whole."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from accounts.roles import Role
from audit.models import Event
from audit.reconciling.running import reconcile
from audit.refusal import Refused
from compliance.models import Action, Assessment, ControlException, Finding
from desk.models import SampleStep
from desk.sample.calendar import StoryCalendar
from desk.sample.content_files import requests
from desk.sample.making import is_loopback, make_sample
from desk.selectors.sample import sample_progress
from records.models import Certificate, Record, RecordState
from records.sealing import advance
from registry.models import Project
from reminders.waiting import sources
from reviews.models import Ballot, Block, Board, Motion, ReviewRequest
from reviews.permissions.sight import visible_to
from reviews.rules.lifecycle import RequestState
from reviews.services.opening import open_ballot
from tests.conftest import own_database

# On SQLite, as everybody first sees it; on PostgreSQL the addresses are asked of a sample.
pytestmark = [pytest.mark.both_engines, pytest.mark.engine("sqlite")]

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


class Killed(BaseException):
    """What ends the first run."""


@pytest.fixture(scope="module")
def sample(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[int]:
    """The sample in a database of its own, made in two runs of which the first was killed; yields its steps."""
    with pytest.MonkeyPatch.context() as patch, own_database(django_db_blocker, "sample"):
        patch.setattr(settings, "SAMPLE", True)
        patch.setattr(settings, "DATA_DIR", tmp_path_factory.mktemp("sample"))
        patch.setattr("jobs.queue.send", lambda job_id: True)  # no worker of this test listens
        with pytest.raises(Killed):
            make_sample(now=NOW, tell=_kill_at(330))
        progress = sample_progress()
        assert progress is not None
        assert 0 < progress.requests < progress.all_requests == 14
        made = make_sample(now=NOW + timedelta(hours=5))
        yield progress.done + made


def _kill_at(step: int) -> Any:
    def tell(done: int, total: int) -> None:
        if done == step:
            raise Killed

    return tell


@pytest.mark.usefixtures("sample")
def test_every_state_of_a_request_is_there_and_more_than_half_are_in_chinese() -> None:
    assert set(ReviewRequest.objects.values_list("state", flat=True)) == set(RequestState)
    assert Counter(ReviewRequest.objects.values_list("language", flat=True)) == {"en": 6, "zh-hans": 10}


@pytest.mark.usefixtures("sample")
def test_the_laboratory_has_its_people_boards_and_projects_and_every_role_is_played() -> None:
    assert User.objects.filter(is_sample=True).count() == User.objects.count() == 21
    assert User.objects.filter(language="zh-hans").count() == 9
    assert set(User.objects.filter(groups__isnull=False).values_list("groups__name", flat=True)) == set(Role)
    assert Board.objects.filter(formed_for=None).count() == 3
    assert set(Board.objects.exclude(formed_for=None).values_list("purpose", flat=True)) == {
        "experts",
        "appeal",
    }
    assert Project.objects.count() == 4


def test_a_run_that_was_killed_goes_on_where_it_stood_and_does_nothing_twice(sample: int) -> None:
    assert SampleStep.objects.count() == sample + 1
    assert [r.reference for r in ReviewRequest.objects.order_by("created_at")][-1] == "IMP-2026-0014"
    events = Event.objects.count()
    assert make_sample(now=NOW + timedelta(days=1)) == 0
    assert Event.objects.count() == events
    assert sample_progress() is None


@pytest.mark.usefixtures("sample")
def test_the_keys_of_the_house_are_older_than_every_record_whatever_the_worker_seals_meanwhile() -> None:
    house = Certificate.objects.filter(person=None)
    assert set(house.values_list("purpose", flat=True)) == {"root", "issuing", "system", "seal"}
    first = Record.objects.earliest("frozen_at").frozen_at
    assert all(certificate.issued_at < first for certificate in house)
    assert all(certificate.valid_from < first for certificate in house)


@pytest.mark.usefixtures("sample")
def test_the_trail_runs_from_the_founding_to_yesterday() -> None:
    moments = list(
        Event.objects.exclude(verb="library.loaded").order_by("id").values_list("occurred_at", flat=True)
    )
    assert len(moments) > 900
    assert NOW - moments[0] > timedelta(days=720)
    assert moments[-1] < NOW
    # Answers of one step are some minutes apart, so that steps may overlap a little; nothing is out of place by a day.
    assert all(later - earlier > timedelta(days=-1) for earlier, later in pairwise(moments))


@pytest.mark.usefixtures("sample")
def test_every_row_that_the_services_wrote_is_as_the_log_tells_of_it() -> None:
    result = reconcile()
    assert [found.as_data() for found in result.first] == []
    assert result.compared.rows > 1000
    assert (result.findings, result.compared.erased, result.events) == (0, 0, Event.objects.count())


@pytest.mark.usefixtures("sample")
def test_one_request_shows_three_boards_at_three_stages_an_open_ballot_and_a_block() -> None:
    voice = ReviewRequest.objects.get(state=RequestState.IN_REVIEW, is_full_review=False)
    assert {review.state for review in voice.board_reviews.all()} == {
        "balloting",
        "questions",
        "deliberating",
    }
    ballot = Ballot.objects.get(request=voice)
    assert (ballot.state, ballot.seats.filter(votes__isnull=True).count()) == ("open", 2)
    assert ballot.deadline > NOW
    assert Block.objects.filter(review__request=voice, state="standing").count() == 1


@pytest.mark.usefixtures("sample")
def test_something_waits_for_most_of_the_people() -> None:
    waiting = {item.person_id for source in sources() for item in source.ask(NOW, None)}
    names = {person.email.partition("@")[0] for person in User.objects.filter(pk__in=waiting)}
    assert names >= {"aylin", "wenbo", "mateo", "ingrid", "xiulan", "ruth", "zhiyuan", "jianing", "petra"}


@pytest.mark.usefixtures("sample")
def test_the_legal_board_waits_for_the_release_readiness_that_its_policy_asks_for() -> None:
    motion = Motion.objects.get(review__request__state=RequestState.IN_REVIEW, review__board__slug="legal")
    secretary = User.objects.get(email__startswith="ingrid")
    with pytest.raises(Refused, match="Release readiness"):
        open_ballot(actor=secretary, motion_id=motion.pk, now=NOW)


@pytest.mark.usefixtures("sample")
def test_two_years_of_checklists_lie_behind_and_some_work_ahead() -> None:
    states = Counter(Assessment.objects.values_list("state", flat=True))
    assert states["accepted"] > 45
    first = Assessment.objects.filter(state="accepted").order_by("accepted_at")[0]
    assert first.accepted_at is not None
    assert NOW - first.accepted_at > timedelta(days=690)
    assert set(states) == {"open", "submitted", "returned", "accepted"}
    assert Assessment.objects.filter(scope="board").values("board").distinct().count() == 2


@pytest.mark.usefixtures("sample")
def test_findings_stand_at_every_stage_and_an_exception_counts_while_another_waits() -> None:
    today = NOW.date()
    actions = {(row.state, row.state == "open" and row.due < today) for row in Action.objects.all()}
    assert actions == {("verified", False), ("done", False), ("open", False), ("open", True)}
    assert set(Finding.objects.values_list("severity", flat=True)) == {"critical", "high", "medium", "low"}
    assert Finding.objects.filter(closing="resolved").count() >= 4
    assert {(row.state, row.counts_on(today)) for row in ControlException.objects.all()} == {
        ("approved", True),
        ("asked", False),
    }


@pytest.mark.usefixtures("sample")
def test_the_sign_in_page_says_what_each_person_is(client: Client) -> None:
    page = client.get("/accounts/login/").content.decode()
    for words in ("Ruth Adeyemi", "chair, Ethics board", "chair, Safety board", "auditor", "release manager"):
        assert words in page


@pytest.mark.usefixtures("sample")
def test_the_auditor_sees_what_the_engagement_covers_and_nothing_else() -> None:
    auditor = User.objects.get(email__startswith="ines")
    seen = set(visible_to(auditor, NOW).values_list("project__slug", flat=True))
    inside = set(Project.objects.filter(name__in=["Harbour", "砚台"]).values_list("slug", flat=True))
    assert seen == inside


@pytest.mark.usefixtures("sample")
def test_every_decision_has_its_record_and_one_in_each_language_seals() -> None:
    decisions = Record.objects.filter(kind="review")
    waiting = decisions.filter(state=RecordState.SEALING).order_by("id")
    assert waiting.count() == 9
    assert set(decisions.exclude(state=RecordState.SEALING).values_list("state", flat=True)) == {"frozen"}
    for language in ("en", "zh-hans"):
        record = waiting.filter(language=language)[0]
        advance(record_id=record.pk, now=NOW)
        record.refresh_from_db()
        assert (record.state, record.failure) == (RecordState.SEALED, "")


@pytest.mark.long
@pytest.mark.usefixtures("sample")
def test_every_record_seals() -> None:
    for record in Record.objects.filter(state=RecordState.SEALING):
        advance(record_id=record.pk, now=NOW)
    assert set(Record.objects.values_list("state", flat=True)) == {RecordState.SEALED, RecordState.FROZEN}


@pytest.mark.usefixtures("sample")
def test_while_it_is_being_made_the_pages_say_how_far_it_is(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.selectors.sample._made", set())  # this process knows that it was made
    last = SampleStep.objects.latest("id")
    last.delete()
    try:
        page = client.get("/accounts/login/").content.decode()
        assert "The sample is being made: 14 of 14 requests." in page
        assert 'hx-get="/sample/progress"' in page
        assert "HX-Refresh" not in client.get("/sample/progress")
        client.force_login(User.objects.get(email__startswith="aylin"))
        assert "The sample is being made" in client.get("/").content.decode()
    finally:
        last.save(force_insert=True)
    assert client.get("/sample/progress")["HX-Refresh"] == "true"
    assert "The sample is being made" not in client.get("/").content.decode()


@pytest.mark.django_db
def test_outside_a_sample_there_is_no_progress_and_nothing_is_made(client: Client) -> None:
    assert client.get("/sample/progress").status_code == 404
    with pytest.raises(CommandError, match="only where the settings say"):
        call_command("sample")
    assert not SampleStep.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["imprimatur.example.org", "192.0.2.7", "*", "0.0.0.0"])
def test_nothing_is_made_where_other_machines_could_reach_it(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setattr(settings, "SAMPLE", True)
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", ["localhost", host])
    with pytest.raises(Refused, match="only localhost"):
        make_sample(now=NOW)
    assert not User.objects.exists()


@pytest.mark.django_db
def test_nothing_is_made_in_a_database_that_is_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SAMPLE", True)
    User.objects.create_user("real@example.org", display_name="Real Person")
    with pytest.raises(Refused, match="people in this database"):
        make_sample(now=NOW)
    assert User.objects.count() == 1


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "127.8.0.1", "imprimatur.localhost"])
def test_names_of_this_machine_are_known(host: str) -> None:
    assert is_loopback(host)


def test_days_of_the_story_are_working_days() -> None:
    calendar = StoryCalendar(datetime(2026, 11, 23, tzinfo=UTC).date())  # a Monday
    assert [calendar.day(number).isoformat() for number in (-2, -1, 0, 1, 5)] == [
        "2026-11-19", "2026-11-20", "2026-11-23", "2026-11-24", "2026-11-30",
    ]  # fmt: skip
    assert calendar.moment("-1 08:20") == datetime(2026, 11, 20, 8, 20, tzinfo=UTC)


def test_answers_of_the_requests_are_of_their_own() -> None:
    """No long answer stands in two dossiers, except where one request continues another."""
    seen: dict[str, str] = {}
    for request in requests():
        for question, given in request["answers"].items():
            text = given["text"] if isinstance(given, dict) and "text" in given else given
            if isinstance(text, str) and len(text) > 40:
                other = seen.setdefault(text, request["key"])
                assert request["key"] == other or request.get("copies") == other, question
