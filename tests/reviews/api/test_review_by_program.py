"""A review from question to release by calls: the same services as the pages, and people alone sign."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from audit.models import Event
from reviews.models import Decision, ReviewRequest
from reviews.services.motions import ConditionDraft
from tests.boardrooms import House, decided, in_review, sign
from tests.calling import Caller, as_, problem

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]


@pytest.fixture
def path(house: House) -> str:
    return f"/requests/{in_review(house).reference}"


@pytest.fixture
def calls(house: House) -> dict[str, Caller]:
    return {
        name: as_(house.people[name])
        for name in ("ravi", "milo", "mara", "chloe", "lena", "rex", "ugo", "lex")
    }


def test_a_question_is_asked_for_a_board_and_answered_by_the_requester(
    path: str, calls: dict[str, Caller]
) -> None:
    told = calls["milo"].post(f"{path}/questions", {"text": "Which dialects?"})
    question = next(one for one in told["items"] if one["kind"] == "question")
    assert question["is_open"]
    problem(calls["ugo"]("POST", f"{path}/questions", {"text": "And?"}), 404, "not-found")
    problem(calls["ravi"]("POST", f"{path}/questions", {"text": "And?"}), 403, "forbidden")
    seen = calls["ravi"].get(f"{path}/discussion")["items"][0]
    assert "answer" in seen["acts"]
    told = calls["ravi"].post(f"{path}/questions/{question['id']}/answer", {"text": "All three."})
    assert not told["items"][0]["is_open"]
    problem(
        calls["ravi"]("POST", f"{path}/questions/{question['id']}/answer", {"text": "x"}), 409, "wrong-state"
    )


def test_what_a_board_says_among_itself_is_not_told_to_the_requester(
    path: str, calls: dict[str, Caller]
) -> None:
    calls["milo"].post(f"{path}/comments", {"text": "Among us.", "audience": "board"})
    calls["milo"].post(f"{path}/comments", {"text": "For all.", "audience": "everyone"})
    said = [m["text"] for one in calls["ravi"].get(f"{path}/discussion")["items"] for m in one["messages"]]
    assert said == ["For all."]
    problem(calls["ravi"]("GET", f"{path}/motions"), 403, "forbidden")
    assert calls["ravi"].get(path)["hidden_from"]
    assert calls["mara"].get(path)["hidden_from"] == ""


def test_from_motion_to_release_by_calls_but_people_sign(
    house: House, path: str, calls: dict[str, Caller]
) -> None:
    motions = calls["milo"].post(f"{path}/boards/ethics/motions", {"kind": "approve", "text": "Approve it."})
    motion = motions["items"][0]["id"]
    problem(calls["milo"]("POST", f"{path}/motions/{motion}/second", None), 403, "forbidden")
    calls["mara"].post(f"{path}/motions/{motion}/second")
    ballot = as_(house.sena).post(f"{path}/motions/{motion}/ballot", {"absent": []}, idempotency_key="open")
    assert (ballot["state"], ballot["voted"]) == ("open", 0)
    vote = {"position": "for", "reason": "Small risks.", "revision_sha256": ballot["revision_sha256"]}
    stale = vote | {"revision_sha256": "0" * 64}
    problem(calls["milo"]("POST", f"{path}/ballots/1/vote", stale), 422, "refused")
    problem(calls["rex"]("POST", f"{path}/ballots/1/vote", vote), 403, "forbidden")
    problem(calls["ugo"]("POST", f"{path}/ballots/1/vote", vote), 404, "not-found")
    for name in ("chloe", "milo", "mara", "lena"):
        ballot = calls[name].post(f"{path}/ballots/1/vote", vote)
    assert (ballot["state"], ballot["result"]) == ("closed", "passed")
    assert calls["ravi"].get(path)["state"] == "decided"
    told = problem(calls["lex"]("POST", f"{path}/signature", None), 403, "person-signs")
    assert told["address"].endswith("/sign/")
    assert Decision.objects.get().status == "to_sign"
    decision = Decision.objects.select_related("record", "request").get()
    sign(house, decision, "legal", "lex", now=timezone.now())
    sign(house, decision, "chair", "chloe", now=timezone.now())
    assert calls["ravi"].get(f"{path}/decisions")["items"][0]["status"] == "in_force"
    rita = as_(house.rita)
    problem(rita("POST", f"{path}/release", {"manifest_sha256": "0" * 64}), 422, "refused")
    problem(
        calls["ravi"]("POST", f"{path}/release", {"manifest_sha256": decision.manifest_sha256}),
        403,
        "forbidden",
    )
    released = rita.post(f"{path}/release", {"manifest_sha256": decision.manifest_sha256, "where": "Here"})
    assert released["state"] == "released"
    assert Event.objects.filter(verb="request.released").count() == 1
    suspended = as_(house.sid).post(f"{path}/suspension", {"reason": "Wrong dosages."})
    assert suspended["state"] == "suspended"
    assert suspended["decision"]["suspension"]["reason"] == "Wrong dosages."


def test_a_condition_is_reported_by_its_owner_and_verified_by_another(
    house: House, calls: dict[str, Caller]
) -> None:
    request: ReviewRequest = in_review(house)
    due = timezone.now().date() + timedelta(days=30)
    draft = ConditionDraft(
        text="Publish it.", owner_id=house.ravi.pk, due=due, verifier_id=house.milo.pk, blocks_release=True
    )
    decision = decided(house, request, "approve_with_conditions", conditions=[draft])
    sign(house, decision, "legal", "lex")
    sign(house, decision, "chair", "chloe")
    path = f"/requests/{request.reference}/conditions/1"
    problem(calls["milo"]("POST", f"{path}/reports", {"text": "Done."}), 403, "forbidden")
    reported = calls["ravi"].post(f"{path}/reports", {"text": "Done."}, idempotency_key="1")
    assert (reported["state"], reported["reports"][0]["accepted"]) == ("partly", None)
    problem(
        calls["ravi"]("POST", f"{path}/verdict", {"accepted": True, "verdict": "Fine."}), 403, "forbidden"
    )
    verdict: dict[str, Any] = {"accepted": True, "verdict": "Read it."}
    assert calls["milo"].post(f"{path}/verdict", verdict)["state"] == "met"
    problem(calls["milo"]("POST", f"{path}/verdict", verdict), 404, "not-found")
    problem(calls["ugo"]("GET", path), 404, "not-found")
