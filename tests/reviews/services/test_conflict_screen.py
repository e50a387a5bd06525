"""Conflicts that rules find: when a request is routed, when something changes meanwhile, and at each ballot."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.roles import Role
from accounts.services.profile import change_person
from audit.models import Event
from registry.models import CardAuthor
from registry.services import share_project
from reminders.models import Message
from reviews.models import BallotSeat, BoardReview, Recusal, ReviewRequest
from reviews.permissions.sight import may_read_record, why_not_see_deliberation
from reviews.rules.recusal import ConflictRule
from reviews.services.boards import seat_person
from reviews.services.closing import close_at_deadline
from reviews.services.screening import screen_conflicts
from tests.boardrooms import POLICY, House, a_ballot, a_house, all_vote, in_review, verbs_about, vote
from tests.dossiers import NOW, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]
EVERY_RULE = [rule.value for rule in ConflictRule]


@pytest.fixture
def house() -> House:
    return a_house({**POLICY, "conflicts": EVERY_RULE})


@pytest.fixture
def review(house: House) -> BoardReview:
    return house.ethics_review(in_review(house))


def fresh(request: ReviewRequest) -> ReviewRequest:
    return ReviewRequest.objects.select_related("requester", "project").get(pk=request.pk)


def change(house: House, name: str, **values: Any) -> None:
    house.people[name].refresh_from_db()
    assert change_person(actor=house.ada, person_id=house.people[name].pk, values=values, now=NOW)


def recusals(review: BoardReview) -> dict[str, str]:
    rows = Recusal.objects.filter(request=review.request_id).select_related("person")
    return {row.person.display_name.split()[0].lower(): row.kind for row in rows}


@pytest.mark.both_engines
def test_who_joins_the_team_of_the_requester_keeps_out_at_once_and_is_told_why(
    house: House, review: BoardReview
) -> None:
    change(house, "ravi", team="Speech")
    assert recusals(review) == {"rex": "line_manager"}
    before = Event.objects.count()
    change(house, "milo", team=" speech")
    assert recusals(review) == {"rex": "line_manager", "milo": "same_team"}
    verbs = list(Event.objects.order_by("id").values_list("verb", flat=True)[before:])
    assert verbs == ["person.changed", "member.recused"]
    recusal = Recusal.objects.get(person=house.milo)
    assert (recusal.made_by, recusal.detail["team"]) == (None, " speech")
    told = Message.objects.get(person=house.milo, kind="member.recused")
    assert "“ speech”" in told.body
    assert why_not_see_deliberation(house.milo, fresh(review.request), NOW)
    assert not may_read_record(house.milo, str(review.request_id), NOW)
    assert not Message.objects.filter(person=house.mara, kind="member.recused").exists()


def test_a_new_line_manager_of_the_requester_loses_their_vote_in_the_open_ballot(
    house: House, review: BoardReview
) -> None:
    ballot = vote(house, a_ballot(house, review), "milo", "against")
    change(house, "ravi", line_manager=house.milo)
    assert recusals(review)["milo"] == "line_manager"
    assert BallotSeat.objects.get(ballot=ballot, person=house.milo).recused
    ballot = all_vote(house, ballot, names=("chloe", "mara", "lena"))
    assert (ballot.result, ballot.closing["threshold"]["votes_against"]) == ("passed", 0)


def test_who_reports_to_the_requester_keeps_out_where_the_policy_says_so(
    house: House, review: BoardReview
) -> None:
    change(house, "mara", line_manager=house.ravi)
    assert recusals(review)["mara"] == "reports_to"
    assert why_not_see_deliberation(house.mara, fresh(review.request), NOW) == (
        "Your line manager works on this request, so others judge it."
    )


def test_who_may_contribute_to_the_project_keeps_out_and_who_may_read_it_does_not(
    house: House, review: BoardReview
) -> None:
    for name, may in (("milo", False), ("mara", True)):
        share_project(
            actor=house.ravi, project_id=review.request.project_id, person=house.people[name], may_contribute=may,
            now=NOW,
        )  # fmt: skip
    assert recusals(review) == {"rex": "line_manager", "mara": "same_project"}


def test_a_grant_that_has_ended_is_no_conflict_but_work_on_a_dossier_is(
    house: House, review: BoardReview
) -> None:
    share_project(
        actor=house.ravi, project_id=review.request.project_id, person=house.ugo, may_contribute=True,
        until=NOW + timedelta(days=1), now=NOW,
    )  # fmt: skip
    seat_person(
        actor=house.ada, board_id=review.board_id, person_id=house.ugo.pk, role="alternate", attributes=[],
        now=NOW + timedelta(days=2),
    )  # fmt: skip
    assert "ugo" not in recusals(review)
    worked = ReviewRequest.objects.get(pk=review.request_id)
    worked.parts.create(person=house.milo, added_at=NOW, added_by=house.ravi)
    screen_conflicts(request=fresh(worked), boards=[review.board], now=NOW)
    assert recusals(review)["milo"] == "contributor"


def test_who_is_named_in_the_card_keeps_out_at_the_next_ballot(house: House, review: BoardReview) -> None:
    for name, email in (("Milo Member", ""), ("Somebody Else", "mara@example.org")):
        CardAuthor.objects.create(
            version=review.request.version, name=name, email=email, source_name="README.md",
            place="line 3, Authors", read_at=NOW, read_by=house.ravi,
        )  # fmt: skip
    ballot = a_ballot(house, review, mover="chloe", seconder="lena")
    out = {seat.name: seat.recusal_kind for seat in ballot.seats.filter(recused=True)}
    assert out == {"Milo Member": "card_author", "Rex Recused": "line_manager"}
    assert Recusal.objects.get(person=house.milo).detail == {
        "board": review.board_id, "author": "Milo Member", "file": "README.md", "place": "line 3, Authors",
    }  # fmt: skip
    with pytest.raises(PermissionDenied):
        vote(house, ballot, "milo")


def test_a_ballot_is_screened_once_more_before_it_is_counted(house: House, review: BoardReview) -> None:
    ballot = a_ballot(house, review)
    for name in ("milo", "mara"):
        vote(house, ballot, name)
    CardAuthor.objects.create(
        version=review.request.version,
        name="Milo Member",
        source_name="README.md",
        read_at=NOW,
        read_by=house.ravi,
    )
    assert close_at_deadline(ballot_id=ballot.pk, now=ballot.deadline)
    ballot.refresh_from_db()
    assert (ballot.closing["quorum"]["recused"], ballot.closing["threshold"]["votes_for"]) == (2, 1)
    assert recusals(review)["milo"] == "card_author"


def test_a_new_member_is_screened_when_they_take_their_seat(house: House, review: BoardReview) -> None:
    change(house, "ravi", team="Speech")
    newcomer = person("Nia Newcomer", Role.RESEARCHER)
    newcomer.team = "Speech"
    newcomer.save()
    seat_person(
        actor=house.ada,
        board_id=review.board_id,
        person_id=newcomer.pk,
        role="member",
        attributes=[],
        now=NOW,
    )
    assert Recusal.objects.filter(person=newcomer, kind="same_team").exists()
    assert verbs_about(review.request).count("member.recused") == 2


def test_rules_that_the_policy_leaves_out_recuse_nobody(house: House) -> None:
    lenient = a_house({**POLICY, "conflicts": []})
    review = lenient.ethics_review(in_review(lenient))
    change(lenient, "ravi", team="Speech")
    change(lenient, "milo", team="Speech", line_manager=lenient.ravi)
    share_project(
        actor=lenient.ravi,
        project_id=review.request.project_id,
        person=lenient.milo,
        may_contribute=True,
        now=NOW,
    )
    assert recusals(review) == {"rex": "line_manager"}, "line managers always keep out, others don't"
    assert why_not_see_deliberation(lenient.milo, fresh(review.request), NOW) is None


def test_a_recusal_by_a_rule_stays_when_the_reason_is_gone(house: House, review: BoardReview) -> None:
    change(house, "ravi", team="Speech")
    change(house, "milo", team="Speech")
    change(house, "milo", team="Vision")
    assert why_not_see_deliberation(house.milo, fresh(review.request), NOW)
    assert recusals(review)["milo"] == "same_team"
