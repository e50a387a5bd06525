"""Short forms for tests of panels: people from outside, a rejected request, an approval in an emergency."""

import json
from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from reminders import waiting
from reviews.models import Appeal, Ballot, Board, BoardReview, Decision, Letter, ReviewRequest
from reviews.services.appeals import file_appeal, form_appeal_panel
from reviews.services.letters import freeze_letter
from reviews.services.motions import move_motion, second_motion
from reviews.services.opening import open_ballot
from reviews.services.second_review import form_expert_panel
from reviews.services.voting import cast_vote
from tests.boardrooms import House, decided, in_review
from tests.dossiers import NOW, person

OUTSIDERS = ("Eva", "Ezra", "Elif", "Emil", "Enid")


def outsiders(count: int = 5) -> list[User]:
    """Return people who have no part in anything yet."""
    return [person(f"{name} Expert") for name in OUTSIDERS[:count]]


def rejected(house: House, *, now: datetime = NOW) -> Decision:
    """Return the decision by which the ethics board rejected a request."""
    return decided(house, in_review(house), "reject", now=now)


def an_appeal(house: House, request: ReviewRequest, *, now: datetime = NOW) -> Appeal:
    return file_appeal(actor=house.ravi, request_id=request.pk, grounds="The risk was read wrongly.", now=now)


def heard(house: House, appeal: Appeal, people: list[User], *, now: datetime = NOW) -> Board:
    """Form the panel; the first of the people chairs it."""
    return form_appeal_panel(
        actor=house.sena, appeal_id=appeal.pk, people=[one.pk for one in people], chair=people[0].pk, now=now
    )


def experts(house: House, request: ReviewRequest, people: list[User], *, now: datetime = NOW) -> Board:
    """Form the expert panel; the first of the people chairs it."""
    return form_expert_panel(
        actor=house.sena,
        request_id=request.pk,
        people=[one.pk for one in people],
        chair=people[0].pk,
        now=now,
    )


def panel_ballot(
    house: House, panel: Board, people: list[User], kind: str = "approve", *, now: datetime = NOW
) -> Ballot:
    """Open a ballot of the panel: the first of the people moves, the second seconds."""
    review = BoardReview.objects.get(board=panel)
    motion = move_motion(
        actor=people[0],
        review_id=review.pk,
        kind=kind,
        text=f"The panel should {kind} it.",
        conditions=[],
        now=now,
    )
    second_motion(actor=people[1], motion_id=motion.pk, now=now)
    return open_ballot(actor=house.sena, motion_id=motion.pk, now=now)


def panel_votes(ballot: Ballot, people: list[User], position: str = "for", *, now: datetime = NOW) -> Ballot:
    """Let them all vote alike."""
    for one in people:
        cast_vote(
            actor=one, ballot_id=ballot.pk, position=position, reason="It is so.",
            revision_sha256=ballot.revision_sha256, now=now,
        )  # fmt: skip
    return Ballot.objects.get(pk=ballot.pk)


def waits_for(kind: str) -> set[str]:
    """Return for whom things of this kind wait, by first name in lower case."""
    found = {item.person_id for item in waiting.get(kind).ask(NOW, None)}
    return {one.display_name.split()[0].lower() for one in User.objects.filter(pk__in=found)}


def told_apart(decision: Decision) -> dict[str, Any]:
    """Return what the frozen record says of what sets the decision apart."""
    assert decision.record is not None
    said: dict[str, Any] = json.loads(bytes(decision.record.context))["decision"].get("apart", {})
    return said


def panelists(count: int = 3) -> list[User]:
    """Return people who sat on another board as lay member, so that a panel of them is composed."""
    people = outsiders(count)
    safety = Board.objects.get(slug="safety")
    for one in people:
        safety.seats.create(person=one, role="member", attributes=["lay"], since=NOW, until=NOW)
    return people


def letters(request: ReviewRequest) -> list[str]:
    """Return the letters that were written, each of which can be frozen with what the act gave."""
    found = list(Letter.objects.filter(request=request).order_by("id"))
    return [freeze_letter(letter_id=letter.pk, now=NOW + timedelta(days=1)).kind for letter in found]


def state(request: ReviewRequest) -> str:
    request.refresh_from_db()
    return request.state
