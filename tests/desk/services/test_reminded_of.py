"""Each thing that is due to somebody is reminded of: before, daily when late, then others; once after a missed run."""

from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db.models import F

from accounts.roles import Role
from reminders.models import Reminder
from reminders.planner import plan
from reminders.rules.clocks import Clock, stages
from reminders.waiting import Round, Waiting, get, sources
from reviews.models import BoardReview, ReviewRequest
from reviews.rules.clocks import Procedure, WorkingCalendar
from reviews.rules.explaining import DateKind
from reviews.rules.policy import BoardPolicy
from reviews.rules.review_lifecycle import ReviewState
from reviews.rules.terms import term_for
from reviews.selectors.waiting import waiting_about
from tests.desk.piles import Pile
from tests.dossiers import NOW, person

pytestmark = pytest.mark.django_db
CLOCK = Clock()
LATE = [f"late-{day}" for day in range(1, 11)]


@pytest.fixture
def pile() -> Pile:
    found = Pile()
    found.grow(1)
    return found


def reminded(now: datetime) -> dict[str, list[Waiting]]:
    """Return what waits for anybody and has a date, by the kinds that remind of it."""
    asked, found = Round(now, None), {}
    for source in sources():
        things = [thing for thing in source.read(asked) if thing.due is not None] if source.reminds else []
        if things:
            found[source.kind] = things
    return found


def reminded_about(request: ReviewRequest, now: datetime) -> dict[str, list[Waiting]]:
    """Return the same for one request."""
    found: dict[str, list[Waiting]] = {}
    for kind, thing in waiting_about(frozenset({request.pk}), now):
        if thing.due is not None and get(kind).reminds:
            found.setdefault(kind, []).append(thing)
    return found


def test_every_kind_is_reminded_of_before_its_date_daily_when_late_and_then_others_are_told(
    pile: Pile,
) -> None:
    soon, outsider = NOW + timedelta(hours=1), person("Una Uninvolved", Role.RESEARCHER)
    found = reminded(soon)
    told = {source.kind: source for source in sources()}
    for kind, things in found.items():
        source = told[kind]
        for thing in things:
            assert thing.due is not None
            days = source.days_before if thing.days_before is None else thing.days_before
            codes = [
                stage.code
                for stage in stages(
                    thing.due,
                    days,
                    ZoneInfo("UTC"),
                    CLOCK,
                    escalates=not source.steps,
                )
            ]
            before = [f"{count}d" for count in sorted(days, reverse=True)]
            assert codes == before + LATE + ([] if source.steps else ["escalate"]), kind
            assert thing.person_id != outsider.pk, kind
    expected = {source.kind for source in sources() if source.reminds and source.kind != "request.draft"}
    assert expected - set(found) == set(), "a draft alone is never due"


def test_a_run_that_was_missed_for_months_reminds_once_of_each_thing_and_each_person(pile: Pile) -> None:
    late, outsider = NOW + timedelta(days=120), person("Una Uninvolved", Role.RESEARCHER)
    before = {
        (kind, thing.person_id, thing.object_id)
        for kind, things in reminded(late).items()
        for thing in things
    }
    plan(late)
    count = Reminder.objects.count()
    plan(late)
    assert Reminder.objects.count() == count, "a second run plans nothing more"
    rows = Counter(
        Reminder.objects.filter(office="").values_list("person", "about", "kind", "object_id", "due")
    )
    assert set(rows.values()) == {1}
    own = {(kind, whom, object_id) for whom, about, kind, object_id, _due in rows if whom == about}
    assert own <= before, "nobody is reminded of what isn't theirs"
    assert {kind for kind, _person, _id in own} == {kind for kind, _person, _id in before}
    assert Reminder.objects.exclude(person=F("about")).exists(), "others are told of what stays late"
    assert not Reminder.objects.filter(person=outsider).exists(), "who has no part hears of nothing"


def test_a_boards_date_is_reminded_of_under_every_procedure() -> None:
    pile = Pile()
    for procedure in Procedure:
        sourced = term_for(DateKind.REVIEW, BoardPolicy(), procedure=procedure.value)
        assert sourced is not None
        review = pile._review("reading")
        review.due_at = sourced.term.due(NOW, WorkingCalendar())
        review.save()
        ReviewRequest.objects.filter(pk=review.request_id).update(procedure=procedure.value)
        found = reminded_about(review.request, review.due_at - timedelta(hours=2))
        assert [thing.person_id for thing in found["review.due"]] == [pile.busy.pk], (
            "the chair, and not the member"
        )
        assert {thing.due for thing in found["review.due"]} == {review.due_at}, procedure


STATES: dict[ReviewState, set[str]] = {
    ReviewState.ASSIGNED: {"review.due"},
    ReviewState.READING: {"review.due"},
    ReviewState.QUESTIONS: {"review.due"},
    ReviewState.DELIBERATING: {"review.motion"},
    ReviewState.TABLED: {"review.motion"},
    ReviewState.DEFERRED: set(),  # it goes on by itself
    ReviewState.CLOSED: set(),
}
"""By what somebody is reminded of the board's date; an open ballot has a date of its own."""


def test_in_every_state_somebody_is_reminded_of_the_boards_date() -> None:
    pile = Pile()
    review = pile._review("reading")
    assert set(STATES) == set(ReviewState) - {ReviewState.BALLOTING}
    for state, kinds in STATES.items():
        given = {"closed_at": NOW if state == ReviewState.CLOSED else None, "return_on": NOW}
        BoardReview.objects.filter(pk=review.pk).update(state=state.value, **given)
        found = reminded_about(review.request, review.due_at - timedelta(hours=2))
        assert set(found) == kinds, state
        assert all(thing.person_id == pile.busy.pk for things in found.values() for thing in things)
