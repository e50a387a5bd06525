"""What the record of a decision says is what the database says, in the record's language."""

import json
from datetime import date
from typing import Any

import pytest

from records.context import ReviewContext
from records.models import Record
from records.shape import faults
from reviews.models import Ballot, Decision
from reviews.services.attendance import mark_attendance
from reviews.services.boards import end_seat, set_policy
from reviews.services.discussing import comment_on_answer, find_fault, settle_comment
from reviews.services.motions import ConditionDraft
from reviews.services.reading import answer_question, ask_question
from tests.boardrooms import POLICY, House, a_ballot, a_house, all_vote, decided, in_review, vote
from tests.dossiers import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines, pytest.mark.usefixtures("standing_review")]


@pytest.fixture
def house() -> House:
    return a_house()


def context(decision: Decision) -> dict[str, Any]:
    assert decision.record is not None
    found: dict[str, Any] = json.loads(bytes(decision.record.context))
    return found


def record_of(decision: Decision) -> Record:
    assert decision.record is not None
    return Record.objects.get(pk=decision.record.pk)


def with_conditions(house: House, **given: Any) -> Decision:
    request = in_review(house, **given)
    review = house.ethics_review(request)
    question = ask_question(
        actor=house.lena, review_id=review.pk, text="Who was heard?", question_key="need", now=NOW
    )
    answer_question(actor=house.ravi, question_id=question.pk, text="Two councils.", now=NOW)
    ballot = a_ballot(
        house, review, "approve_with_conditions",
        conditions=[ConditionDraft("Report twice.", house.ravi.pk, date(2026, 12, 31), house.lena.pk, True)],
    )  # fmt: skip
    vote(house, ballot, "lena", "against", reason="Night crews were not heard.")
    all_vote(house, ballot, names=("chloe", "milo", "mara"))
    return Decision.objects.get(request=request)


def test_findings_stand_in_the_record_with_how_they_ended_and_what_boards_say_among_themselves_does_not(
    house: House,
) -> None:
    request = in_review(house, answers={"harmed": "Both **works councils** were heard."})
    review = house.ethics_review(request)
    found = [
        find_fault(
            actor=house.milo, review_id=review.pk, finding=kind, text=f"{kind} it.", question_key="harmed",
            quote="works councils were", now=NOW,
        )
        for kind in ("must_fix", "should_fix")
    ]  # fmt: skip
    settle_comment(actor=house.chloe, comment_id=found[0].pk, why="It was fixed.", now=NOW)
    comment_on_answer(actor=house.milo, request_id=request.pk, text="Among us alone.", now=NOW)
    said = context(decided(house, request))
    assert list(faults(said, ReviewContext)) == []
    told = [
        (one["kind"], one["quote"], one["state"], [turn["text"] for turn in one["turns"]])
        for one in said["findings"]
    ]
    assert told == [
        ("must_fix", "works councils were", "resolved", ["It was fixed."]),
        ("should_fix", "works councils were", "open", []),
    ]
    assert "Among us alone." not in json.dumps(said)


def test_the_context_has_the_agreed_shape_and_says_who_voted_how(house: House) -> None:
    decision = with_conditions(house)
    said = context(decision)
    assert list(faults(said, ReviewContext)) == []
    assert said["decision"]["outcome"] == "approved_with_conditions"
    assert said["decision"]["valid_from"] == "2026-11-24"
    assert said["decision"]["valid_until"] == "2027-11-23"
    ballot = said["boards"][0]["ballots"][0]
    seats = {seat["name"]: seat for seat in ballot["seats"]}
    assert next(iter(seats)) == "Chloe Chair"
    assert (seats["Lena Lay"]["position"], seats["Lena Lay"]["reason"]) == (
        "against",
        "Night crews were not heard.",
    )
    assert (seats["Rex Recused"]["attendance"], seats["Rex Recused"]["position"]) == ("recused", None)
    assert seats["Rex Recused"]["recusal_reason"] == "line manager of somebody who works on it"
    assert (
        ballot["quorum"] | {"seats": 5, "recused": 1, "needed": 3, "present_at_closing": 4}
        == ballot["quorum"]
    )
    assert (
        ballot["threshold"] | {"base": 4, "votes_for": 3, "needed": 3, "passed": True} == ballot["threshold"]
    )
    assert [o["author"] for o in said["boards"][0]["minority_opinions"]] == ["Lena Lay"]
    assert (
        said["conditions"][0] | {"number": "C1", "owner": "Ravi Requester", "verifier": "Lena Lay"}
        == said["conditions"][0]
    )
    assert said["questions"][0] | {"number": 1, "answer": "Two councils."} == said["questions"][0]
    assert said["model"]["manifest_sha256"] == decision.manifest_sha256
    assert said["model"]["file_count"] == 2
    assert [span["state"] for span in said["clock"]] == ["running", "paused", "running"]
    assert said["timeline"][0]["event"] == (
        "Request submitted. Due Fri 27 Nov 2026, 17:00 (UTC): 3 working days."
    )
    assert said["dossier"][0]["answers"][0]["text"]


def test_a_later_edit_of_board_policy_or_name_changes_no_past_decision(house: House) -> None:
    decision = with_conditions(house)
    before = bytes(record_of(decision).context)
    set_policy(
        actor=house.ada, board_id=house.boards["ethics"].pk, reason="Stricter.", now=NOW,
        content={**POLICY, "threshold": {"numerator": 1, "denominator": 1, "of": "seated_minus_recused"}},
    )  # fmt: skip
    for seat in house.boards["ethics"].seats.all():
        end_seat(actor=house.ada, seat_id=seat.pk, reason="The term is over.", now=NOW)
    house.lena.display_name = "Somebody Else"
    house.lena.save()
    ballot = Ballot.objects.get()
    assert (ballot.result, ballot.policy_version, ballot.closing["threshold"]["needed"]) == ("passed", 1, 3)
    assert ballot.seats.filter(name="Lena Lay").exists()
    assert ballot.votes.count() == 4
    assert bytes(record_of(decision).context) == before


def test_an_edit_of_the_policy_in_mid_vote_changes_nothing_of_the_open_ballot(house: House) -> None:
    ballot = a_ballot(house, house.ethics_review(in_review(house)))
    vote(house, ballot, "chloe")
    set_policy(
        actor=house.ada, board_id=house.boards["ethics"].pk, reason="All have to agree.", now=NOW,
        content={**POLICY, "threshold": {"numerator": 1, "denominator": 1, "of": "seated_minus_recused"}},
    )  # fmt: skip
    vote(house, ballot, "lena", "against")
    ballot = all_vote(house, ballot, names=("milo", "mara"))
    assert ballot.result == "passed"


@pytest.mark.parametrize(("kind", "outcome"), [("return", "returned"), ("reject", "rejected")])
def test_a_returned_or_rejected_request_has_its_record_sealed_without_signatures(
    house: House, kind: str, outcome: str
) -> None:
    decision = decided(house, in_review(house), kind)
    assert decision.record is not None
    assert (decision.record.outcome, decision.record.state) == (outcome, "sealing")
    assert json.loads(bytes(decision.record.signatures)) == []
    said = context(decision)
    assert said["boards"][0]["motion_passed"] == kind
    assert said["decision"]["valid_until"] is None


def test_a_chinese_request_has_a_chinese_record(house: House) -> None:
    said = context(with_conditions(house, language="zh-hans"))
    assert said["language"] == "zh-hans"
    assert said["boards"][0]["name"] == "ethics委员会"
    assert said["dossier"][0]["title"] == "数据获取"


def test_votes_of_somebody_who_left_are_not_shown_as_positions(house: House) -> None:
    request = in_review(house)
    ballot = a_ballot(house, house.ethics_review(request))
    vote(house, ballot, "milo", "against")
    mark_attendance(
        actor=house.sena,
        ballot_id=ballot.pk,
        person_id=house.milo.pk,
        present=False,
        note="left 11:20",
        now=NOW,
    )
    all_vote(house, ballot, names=("chloe", "mara", "lena"))
    seat = context(Decision.objects.get())["boards"][0]["ballots"][0]["seats"][1]
    assert (seat["name"], seat["attendance"], seat["position"]) == ("Milo Member", "absent", None)
    assert seat["attendance_note"] == "left 11:20"
