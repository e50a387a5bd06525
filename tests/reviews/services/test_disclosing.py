"""Disclosing interests, nothing to declare for a request, hints for who judges, and who has not disclosed."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404

from audit.models import Event
from audit.refusal import IllegalTransition, Refused
from reminders.models import Message
from reminders.waiting import Waiting, waiting_for
from reviews.models import BoardReview, Declaration, Disclosure, NothingToDeclare, Recusal, ReviewRequest
from reviews.rules.disclosure import DisclosureState
from reviews.selectors.disclosures import checks_on
from reviews.selectors.interest_hints import hints_for
from reviews.selectors.record.interests import interests_of
from reviews.services.disclosing import InterestDraft, declare_nothing, disclose, judge_disclosed
from reviews.services.interests import declare_interest
from tests.boardrooms import POLICY, House, a_ballot, a_house, in_review, verbs_about, vote
from tests.dossiers import NOW, a_version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]
YEARLY = {**POLICY, "declaration_months": 12}
DAY = timedelta(days=1)


@pytest.fixture
def house() -> House:
    return a_house(YEARLY)


@pytest.fixture
def review(house: House) -> BoardReview:
    return house.ethics_review(in_review(house))


def disclosing(house: House, name: str, *lines: tuple[str, str], now: Any = NOW) -> Disclosure:
    drafts = [InterestDraft(kind, what, "Advice until 2025.") for kind, what in lines]
    return disclose(actor=house.people[name], interests=drafts, none=not lines, now=now)


def fresh(request: ReviewRequest) -> ReviewRequest:
    return ReviewRequest.objects.select_related("requester", "project", "version__model").get(pk=request.pk)


def due(house: House, name: str, now: Any) -> list[Waiting]:
    return [
        item for source, item in waiting_for(house.people[name].pk, now) if source.kind == "member.disclosure"
    ]


@pytest.mark.both_engines
def test_a_disclosure_is_kept_with_its_lines_and_a_later_one_takes_its_place(house: House) -> None:
    first = disclosing(house, "milo", ("organisation", "Harbour Data"), ("person", "Ana Díaz"))
    second = disclosing(house, "milo")
    assert [row.name for row in first.interests.all()] == ["Harbour Data", "Ana Díaz"]
    assert (second.none, Disclosure.objects.count()) == (True, 2)
    assert Event.objects.filter(verb="disclosure.made").count() == 2
    for row in (first, first.interests.all()[0]):
        with pytest.raises(IntegrityError), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(**{"note" if row is first else "name": "Another"})
        with pytest.raises(IntegrityError), transaction.atomic():
            row.delete()


@pytest.mark.parametrize(
    ("lines", "none"),
    [([], False), ([("person", "Ana", "Family.")], True), ([("person", "", "Family.")], False),
     ([("person", "Ana", " ")], False), ([("planet", "Mars", "Shares.")], False)],
)  # fmt: skip
def test_both_neither_or_half_a_line_is_refused(
    house: House, lines: list[tuple[str, str, str]], none: bool
) -> None:
    with pytest.raises(Refused):
        disclose(actor=house.milo, interests=[InterestDraft(*line) for line in lines], none=none, now=NOW)
    assert not Disclosure.objects.exists()
    assert not Event.objects.filter(verb="disclosure.made").exists()


def test_who_judges_nothing_discloses_nothing(house: House) -> None:
    for name in ("ravi", "ugo", "rita"):
        with pytest.raises(PermissionDenied):
            disclosing(house, name)


def test_members_are_asked_in_their_work_until_a_disclosure_counts(house: House) -> None:
    seated = NOW - timedelta(days=30)
    (item,) = due(house, "milo", NOW - DAY)
    assert (item.due, item.escalates_to) == (seated + timedelta(days=30), house.chloe.pk)
    disclosing(house, "milo")
    assert due(house, "milo", NOW) == []
    assert due(house, "mara", NOW), "another member's disclosure is no disclosure of hers"
    (again,) = due(house, "milo", NOW + 340 * DAY)
    assert again.due == NOW.replace(year=NOW.year + 1)
    assert due(house, "ravi", NOW) == []


def test_the_board_sees_who_has_and_who_has_not(house: House) -> None:
    disclosing(house, "milo")
    states = {
        one.seat.person.display_name.split()[0]: one.check.state
        for one in checks_on(house.boards["ethics"], NOW)
    }
    assert states.pop("Milo") == DisclosureState.COUNTS
    assert set(states.values()) == {DisclosureState.LATE}
    safety = {one.check.state for one in checks_on(house.boards["safety"], NOW)}
    assert safety == {DisclosureState.NOT_ASKED}


@pytest.mark.parametrize("required", [False, True])
def test_who_has_not_disclosed_is_kept_from_voting_only_where_the_policy_says_so(required: bool) -> None:
    house = a_house({**YEARLY, "declaration_required": required})
    review = house.ethics_review(in_review(house))
    ballot = a_ballot(house, review)
    if required:
        with pytest.raises(Refused, match="interests"):
            vote(house, ballot, "milo")
        disclosing(house, "milo")
    vote(house, ballot, "milo")
    assert ballot.votes.count() == 1


@pytest.mark.both_engines
def test_nothing_to_declare_is_said_once_and_by_who_judges(house: House, review: BoardReview) -> None:
    said = declare_nothing(actor=house.milo, request_id=review.request_id, now=NOW)
    again = declare_nothing(actor=house.milo, request_id=review.request_id, now=NOW + DAY)
    assert (again, said.revision_id) == (said, review.revision_id)
    for name in ("ravi", "rex"):
        with pytest.raises(PermissionDenied):
            declare_nothing(actor=house.people[name], request_id=review.request_id, now=NOW)
    with pytest.raises(Http404):
        declare_nothing(actor=house.ugo, request_id=review.request_id, now=NOW)
    assert NothingToDeclare.objects.count() == 1
    assert verbs_about(review.request).count("interest.none_declared") == 1


def test_who_declared_an_interest_cannot_say_that_there_is_none(house: House, review: BoardReview) -> None:
    declare_interest(
        actor=house.mara, request_id=review.request_id, kind="professional", text="I advised them.", now=NOW
    )
    with pytest.raises(Refused):
        declare_nothing(actor=house.mara, request_id=review.request_id, now=NOW)
    assert not NothingToDeclare.objects.exists()


def test_a_disclosed_name_that_stands_in_the_request_is_a_hint_for_who_leads_and_recuses_nobody(
    house: House, review: BoardReview
) -> None:
    project = review.request.project.name
    disclosing(
        house, "milo", ("project", project), ("organisation", "Nobody in it"), ("person", "Ravi Requester")
    )
    hints = hints_for(house.sena, fresh(review.request), NOW)
    assert {(hint.person, hint.interest.name) for hint in hints} == {
        (house.milo, project), (house.milo, "Ravi Requester"),
    }  # fmt: skip
    assert any(project in met for hint in hints for met in hint.met)
    assert hints_for(house.chloe, fresh(review.request), NOW)
    for name in ("mara", "ravi", "rex", "lex", "milo"):
        assert hints_for(house.people[name], fresh(review.request), NOW) == (), name
    assert not Recusal.objects.filter(person=house.milo).exists()
    assert not Declaration.objects.exists()


def judging(house: House, review: BoardReview, name: str, interest_id: int, *, conflict: bool) -> Declaration:
    return judge_disclosed(
        actor=house.people[name], request_id=review.request_id, interest_id=interest_id, is_conflict=conflict,
        finding="Too near.", now=NOW,
    )  # fmt: skip


@pytest.mark.both_engines
def test_a_hint_is_judged_by_who_leads_once_and_a_conflict_recuses(house: House, review: BoardReview) -> None:
    line = disclosing(house, "milo", ("person", "Ravi Requester")).interests.get()
    for name in ("milo", "mara", "ravi", "rex", "lex"):
        with pytest.raises(PermissionDenied):
            judging(house, review, name, line.pk, conflict=True)
    declaration = judging(house, review, "sena", line.pk, conflict=True)
    assert (declaration.person, declaration.disclosed, declaration.judged_by) == (
        house.milo,
        line,
        house.sena,
    )
    assert Recusal.objects.get(person=house.milo).kind == "personal"
    assert hints_for(house.sena, fresh(review.request), NOW) == ()
    with pytest.raises(IllegalTransition):
        judging(house, review, "chloe", line.pk, conflict=False)


def test_only_what_counts_now_and_of_members_of_the_board_is_judged(
    house: House, review: BoardReview
) -> None:
    old = disclosing(house, "milo", ("person", "Ravi Requester")).interests.get()
    disclosing(house, "milo")
    sids = disclosing(house, "sid", ("person", "Ravi Requester")).interests.get()
    for line in (old, sids):
        with pytest.raises(Http404):
            judging(house, review, "chloe", line.pk, conflict=True)
    assert not Declaration.objects.exists()


def test_what_members_declared_stands_in_the_record_of_the_review(house: House, review: BoardReview) -> None:
    declare_nothing(actor=house.milo, request_id=review.request_id, now=NOW)
    line = disclosing(house, "mara", ("person", "Ravi Requester")).interests.get()
    judging(house, review, "chloe", line.pk, conflict=False)
    rows = {row["name"]: row for row in interests_of(review)}
    assert (rows["Milo Member"]["said"], rows["Milo Member"]["is_conflict"]) == ("nothing", None)
    assert (rows["Mara Member"]["said"], rows["Mara Member"]["is_conflict"]) == ("interest", False)
    assert rows["Mara Member"]["judged_by"] == "Chloe Chair"
    assert rows["Rex Recused"]["said"] == "recused"
    assert "Lena Lay" not in rows


def test_who_leads_the_board_is_told_of_a_hint_once_and_the_member_is_not(house: House) -> None:
    disclosing(house, "milo", ("person", "Ravi Requester"), now=NOW - DAY)
    in_review(house, version=a_version(house.ravi, number="3.0"))

    def told() -> list[tuple[str, str]]:
        rows = Message.objects.filter(kind="interest.hint").order_by("person__display_name")
        return [
            (row.person.display_name, row.body.split(" disclosed")[0])
            for row in rows.select_related("person")
        ]

    first = told()
    assert {name for name, _who in first} == {"Chloe Chair", "Sena Secretary"}
    assert {who for _name, who in first} == {"Milo Member"}
    disclosing(house, "chloe", ("person", "Ravi Requester"))
    assert {row for row in told() if row not in first} == {("Sena Secretary", "Chloe Chair")}
    assert not Recusal.objects.filter(person__in=[house.milo, house.chloe]).exists()
