"""What becomes of an approval: conditions and their evidence, release, suspension, withdrawal."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from reviews.models import Condition, ConditionReport, Decision, Motion, Release
from reviews.rules.lifecycle import RequestState
from reviews.services.motions import ConditionDraft, move_motion, second_motion
from reviews.services.opening import open_ballot
from reviews.services.suspending import suspend_approval
from reviews.services.taking_up import take_up_again
from tests.boardrooms import House, a_ballot, a_house, all_vote, approved, in_review
from tests.dossiers import NOW

from .visits import client_of, get, post, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]

NO_CONDITIONS = {"conditions-TOTAL_FORMS": "0", "conditions-INITIAL_FORMS": "0"}


@pytest.fixture
def house() -> House:
    return a_house()


@pytest.fixture
def decision(house: House) -> Decision:
    draft = ConditionDraft(
        "Test it again.", house.ravi.pk, NOW.date() + timedelta(days=90), house.sid.pk, True
    )
    return approved(house, in_review(house, ("ethics",)), kind="approve_with_conditions", conditions=[draft])


def path(decision: Decision, part: str = "") -> str:
    return f"/requests/{decision.request.reference}/{part}"


def test_a_condition_is_reported_with_evidence_and_verified_by_somebody_else(
    house: House, decision: Decision
) -> None:
    page = path(decision, "conditions/1/")
    assert "Ravi Requester owns this condition and reports on it." in words(get(house, "milo", page))
    for name, status in (("milo", 403), ("sid", 403), ("ugo", 404)):
        post(house, name, page, {"text": "Done."}, status)
    files = [SimpleUploadedFile("log.txt", b"first"), SimpleUploadedFile("log.txt", b"second")]
    post(house, "ravi", page, {"text": "Tested again.", "evidence": files})
    report = ConditionReport.objects.get()
    assert [file.name for file in report.files.all()] == ["log.txt", "log.txt"]
    assert len({file.sha256 for file in report.files.all()}) == 2
    file = report.files.first()
    assert file is not None
    response: Any = client_of(house, "sid").get(path(decision, f"conditions/1/files/{file.pk}/"))
    assert b"".join(response.streaming_content) == b"first"
    assert "attachment" in response["Content-Disposition"]
    get(house, "ugo", path(decision, f"conditions/1/files/{file.pk}/"), 404)
    verify = path(decision, "conditions/1/verify/")
    for name, status in (("ravi", 403), ("milo", 403), ("ugo", 404)):
        post(house, name, verify, {"accepted": "yes"}, status)
    post(house, "sid", verify, {}, 422)
    post(house, "sid", verify, {"accepted": "no", "verdict": ""}, 422)
    post(house, "sid", verify, {"accepted": "yes", "verdict": "Seen."})
    assert Condition.objects.get().state == "met"


def test_only_the_approved_digest_is_released_and_only_with_blocking_conditions_met(
    house: House, decision: Decision
) -> None:
    release = path(decision, "release/")
    assert "These conditions have to be met first: C1." in words(get(house, "rita", release))
    data = {"manifest_sha256": decision.manifest_sha256, "where": "The hub"}
    post(house, "rita", release, data, 422)
    Condition.objects.update(state="met", met_at=NOW)
    wrong = post(house, "rita", release, {**data, "manifest_sha256": "0" * 64}, 422)
    assert "This is not what was approved." in words(wrong.content.decode())
    for name, status in (("ravi", 403), ("chloe", 403), ("ugo", 404)):
        post(house, name, release, data, status)
    assert not Release.objects.exists()
    digest = decision.manifest_sha256
    grouped = " ".join(digest[at : at + 4] for at in range(0, 64, 4))
    post(house, "rita", release, {**data, "manifest_sha256": grouped.upper()})
    decision.request.refresh_from_db()
    assert decision.request.state == RequestState.RELEASED
    assert "The model was released as approved." in words(get(house, "ravi", path(decision)))


def test_a_suspension_is_one_persons_act_and_its_end_the_boards(house: House, decision: Decision) -> None:
    get(house, "sid", path(decision, "suspension/"), 404)
    for name, status in (("ravi", 403), ("milo", 403), ("ugo", 404)):
        post(house, name, path(decision, "suspend/"), {"reason": "A leak."}, status)
    post(house, "lex", path(decision, "suspend/"), {"reason": ""}, 422)
    post(house, "lex", path(decision, "suspend/"), {"reason": "A leak of training data."})
    decision.request.refresh_from_db()
    assert decision.request.state == RequestState.SUSPENDED
    assert "A leak of training data." in words(get(house, "ravi", path(decision)))
    page = path(decision, "suspension/")
    assert "unless a ballot of the board ratifies it" in words(get(house, "lex", page))
    assert "Ethics board deliberates about it" in words(get(house, "ravi", page))
    board = path(decision, "boards/ethics/")
    move = {"kind": "ratify", "text": "The leak is real.", **NO_CONDITIONS}
    assert "Approve with these conditions" not in words(get(house, "milo", f"{board}move/"))
    post(house, "milo", f"{board}move/", move | {"kind": "approve"}, 422)
    post(house, "milo", f"{board}move/", move)
    post(house, "mara", path(decision, f"motions/{Motion.objects.latest('id').pk}/second/"), {})
    ballot = open_ballot(actor=house.sena, motion_id=Motion.objects.latest("id").pk, now=timezone.now())
    all_vote(house, ballot, now=timezone.now())
    assert "It stands until Ethics board lifts it by a ballot." in words(get(house, "milo", page))
    for name, status in (("milo", 403), ("ravi", 403), ("ugo", 404)):
        post(house, name, f"{board}take-up/", {"matter": "suspension"}, status)
    assert house.ethics_review(decision.request).state == "closed", "a member doesn't take it up"
    post(house, "sena", f"{board}take-up/", {"matter": "suspension"})
    post(house, "milo", f"{board}lay-aside/", {"reason": "Later."}, 403)
    post(house, "sena", f"{board}lay-aside/", {"reason": "Nobody moves to lift it."})
    decision.request.refresh_from_db()
    assert decision.request.state == RequestState.SUSPENDED


def test_somebody_takes_over_a_condition_from_who_left_and_the_board_may_vote_on_a_waiver(
    house: House, decision: Decision
) -> None:
    page = path(decision, "conditions/1/people/")
    taken = {"part": "verifier", "person": house.mara.pk, "reason": "Sid left."}
    assert "It is theirs." in words(get(house, "sena", page))
    house.sid.is_active = False
    house.sid.save(update_fields=["is_active"])
    assert "has left" in words(get(house, "ravi", path(decision, "conditions/1/")))
    for name, status in (("milo", 403), ("ugo", 404)):
        post(house, name, page, taken, status)
    post(house, "sena", page, taken | {"reason": ""}, 422)
    post(house, "sena", page, taken)
    assert Condition.objects.get().verifier == house.mara
    assert "Let the board vote on a waiver" in words(get(house, "sena", path(decision, "conditions/1/")))
    post(house, "sena", path(decision, "boards/ethics/take-up/"), {"matter": "condition"})
    shown = words(get(house, "milo", path(decision, "boards/ethics/move/")))
    assert "Condition to waive" in shown
    assert "Ratify the suspension" not in shown


def test_who_is_recused_reads_neither_ballots_nor_reasons_of_the_board_after_the_approval(
    house: House, decision: Decision
) -> None:
    suspend_approval(actor=house.sid, decision_id=decision.pk, reason="It leaks.", now=NOW)
    review = house.ethics_review(decision.request)
    all_vote(house, a_ballot(house, review, "ratify"), "against")
    all_vote(house, a_ballot(house, review, "lift"))
    page = path(decision, "suspension/")
    assert "The board should lift it." in words(get(house, "milo", page))
    assert "Ballot 3" in words(get(house, "milo", page))
    asking = words(get(house, "ravi", page))
    assert "The board should lift it." in asking
    assert "Ballot 2" not in asking, "a motion that failed decided nothing"
    recused = words(get(house, "rex", page))
    assert "It leaks." in recused
    assert "The board should lift it." not in recused
    assert "Ballot" not in recused
    take_up_again(actor=house.chloe, review_id=review.pk, matter="condition", now=NOW)
    motion = move_motion(
        actor=house.milo, review_id=review.pk, kind="waive", text="It is moot.", now=NOW,
        condition_id=Condition.objects.get().pk,
    )  # fmt: skip
    second_motion(actor=house.mara, motion_id=motion.pk, now=NOW)
    all_vote(house, open_ballot(actor=house.sena, motion_id=motion.pk, now=NOW))
    page = path(decision, "conditions/1/")
    assert "It is moot." in words(get(house, "ravi", page))
    assert "It is moot." not in words(get(house, "rex", page))
    history = path(decision, "history/")
    assert "It is moot." in words(get(house, "ravi", history))
    recused = words(get(house, "rex", history))
    assert "Condition waived" in recused
    assert "It is moot." not in recused
    assert "The board should lift it." not in recused


def test_the_requester_withdraws_a_suspended_approval_and_only_then(house: House, decision: Decision) -> None:
    withdraw = path(decision, "withdraw-approval/")
    post(house, "ravi", withdraw, {"reason": "Too early."}, 422)
    post(house, "lex", path(decision, "suspend/"), {"reason": "A leak."})
    for name, status in (("milo", 403), ("ugo", 404)):
        post(house, name, withdraw, {"reason": "For them."}, status)
    post(house, "ravi", withdraw, {"reason": "We start anew."})
    decision.request.refresh_from_db()
    assert decision.request.state == RequestState.WITHDRAWN


def test_the_pages_take_at_most_fifteen_queries(
    house: House, decision: Decision, django_assert_max_num_queries: Any
) -> None:
    for name, part in (
        ("ravi", "conditions/1/"),
        ("rita", "release/"),
        ("lex", "suspend/"),
        ("ravi", "history/"),
    ):
        client = client_of(house, name)
        with django_assert_max_num_queries(15):
            assert client.get(path(decision, part)).status_code == 200, part
