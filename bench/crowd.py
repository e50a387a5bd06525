"""Rows for the measurements of lists: an organisation with many requests, written in bulk past the services.

One project, "Old", has the first sixty requests and nothing since; whoever sees only these is the hard case of a list
that is sorted by age.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection

from accounts.models import User
from accounts.roles import Role
from registry.models import ModelVersion, Project
from registry.services import share_project
from reviews.models import Board, BoardReview, Condition, Contributor, Decision, ReviewRequest, Revision
from reviews.rules.lifecycle import RequestState
from reviews.services.boards import make_board, seat_person
from tests.boardrooms import POLICY
from tests.dossiers import NOW, a_project, a_version, person

OLD = 60
PROJECTS = 40
STEP = 5_000
STATES = {
    "draft": 8, "submitted": 2, "triage": 2, "in_review": 15, "decided": 3, "approved": 20, "released": 30,
    "suspended": 1, "rejected": 6, "withdrawn": 5, "expired": 5, "superseded": 3,
}  # fmt: skip
"""How many of a hundred requests are in each state."""
APPROVED = {"approved", "released", "suspended", "expired", "superseded"}
DIGEST = "0" * 64


@dataclass(frozen=True, slots=True)
class Crowd:
    """The people who look at the list, by what they see."""

    viewers: dict[str, User]


def a_crowd(size: int) -> Crowd:
    """Fill an empty database with `size` requests, one every ten minutes up to NOW, and let PostgreSQL count them."""
    founder, admin = person("Fay Founder", Role.RESEARCHER), person("Ada Admin", Role.ADMINISTRATOR)
    researchers = [person(f"Rea Researcher {n}", Role.RESEARCHER) for n in range(100)]
    projects = [a_project(founder, name) for name in ("Old", *(f"Project {n}" for n in range(1, PROJECTS)))]
    versions = [
        a_version(founder, project=project, name=f"{project.name} model", number=f"{n}.0")
        for project in projects
        for n in range(1, 4)
    ]
    boards = [_board(admin, kind) for kind in ("ethics", "legal", "safety")]
    viewers = _viewers(admin, founder, projects, boards)
    filling = _Filling(size, viewers, researchers, versions, boards)
    for first in range(0, size, STEP):
        filling.add(range(first, min(size, first + STEP)))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return Crowd(viewers)


def _board(admin: User, kind: str) -> Board:
    return make_board(
        actor=admin, slug=kind, name_en=f"{kind.title()} board", name_zh=f"{kind}委员会", kind=kind,
        policy=POLICY, now=NOW - timedelta(days=1000),
    )  # fmt: skip


def _viewers(admin: User, founder: User, projects: list[Project], boards: list[Board]) -> dict[str, User]:
    viewers = {
        "legal staff: every request submitted": person("Lex Legal", Role.LEGAL),
        "secretary: all boards, and what is on its way there": person("Sena Secretary", Role.SECRETARY),
        "member of one board": person("Milo Member"),
        "researcher of five projects": person("Rob Busy", Role.RESEARCHER),
        "researcher of an old project: the 60 oldest": person("Otto Old", Role.RESEARCHER),
        "requester of the 60 oldest": person("Olga Old", Role.RESEARCHER),
        "outsider: nothing": person("Ugo Outsider", Role.RESEARCHER),
    }
    _legal, _secretary, member, busy, old, _own, _outsider = viewers.values()
    seat_person(
        actor=admin, board_id=boards[0].pk, person_id=member.pk, role="member", attributes=[], now=NOW
    )
    for project, reader in [*((project, busy) for project in projects[1:6]), (projects[0], old)]:
        share_project(actor=founder, project_id=project.pk, person=reader, may_contribute=False, now=NOW)
    return viewers


@dataclass(slots=True)
class _Filling:
    """Writes requests with what hangs on them, in steps."""

    size: int
    viewers: dict[str, User]
    researchers: list[User]
    versions: list[ModelVersion]
    boards: list[Board]

    def add(self, numbers: range) -> None:
        """Write the requests of these numbers, 0 being the oldest."""
        chance = random.Random(numbers.start)
        requests = ReviewRequest.objects.bulk_create(self._request(number, chance) for number in numbers)
        parts = [request for request in requests if chance.random() < 0.3]
        Contributor.objects.bulk_create(
            Contributor(request=request, person=chance.choice(self.researchers), added_at=NOW,
                        added_by=request.requester)
            for request in parts
        )  # fmt: skip
        early = {RequestState.DRAFT.value, RequestState.WITHDRAWN.value, "submitted", "triage"}
        routed = [request for request in requests if request.state not in early]
        revisions = Revision.objects.bulk_create(_revision(request) for request in routed)
        reviews = BoardReview.objects.bulk_create(
            review for revision in revisions for review in self._reviews(revision, chance)
        )
        self._decide([review for review in reviews if review.leading], chance)

    def _request(self, number: int, chance: random.Random) -> ReviewRequest:
        is_old = number < OLD
        version = chance.choice(self.versions[:3] if is_old else self.versions[3:])
        state = "released" if is_old else chance.choices(list(STATES), list(STATES.values()))[0]
        made = NOW - timedelta(minutes=10 * (self.size - number))
        return ReviewRequest(
            reference=f"IMP-{made.year}-{number + 1:06}", version=version, project_id=version.model.project_id,
            requester=self.viewers["requester of the 60 oldest"] if is_old else chance.choice(self.researchers),
            state=state, state_since=made, purpose=f"Release number {number} to its users", questionnaire="2026-1",
            tier=chance.randint(1, 4), procedure="full", created_at=made,
            submitted_at=None if state in ("draft", "withdrawn") else made,
        )  # fmt: skip

    def _reviews(self, revision: Revision, chance: random.Random) -> Iterator[BoardReview]:
        """Yield the reviews of one board or two."""
        request = revision.request
        is_closed = request.state != RequestState.IN_REVIEW
        for place, board in enumerate(chance.sample(self.boards, chance.randint(1, 2))):
            yield BoardReview(
                request=request, board=board, revision=revision, leading=place == 0,
                state="closed" if is_closed else "reading", passed="approve" if is_closed else "",
                closed_at=request.created_at if is_closed else None, state_since=request.created_at,
                requested_at=request.created_at, opened_at=request.created_at,
                due_at=request.created_at + timedelta(days=20),
            )  # fmt: skip

    def _decide(self, leading: list[BoardReview], chance: random.Random) -> None:
        """Write a decision for each approved request, and a condition for every third."""
        decisions = Decision.objects.bulk_create(
            _decision(review) for review in leading if review.request.state in APPROVED
        )
        by_request = {review.request_id: review for review in leading}
        Condition.objects.bulk_create(
            _condition(decision, by_request[decision.request_id], *chance.sample(self.researchers, 2))
            for decision in decisions[::3]
        )


def _revision(request: ReviewRequest) -> Revision:
    return Revision(
        request=request, number=1, frozen_at=request.created_at, frozen_by=request.requester, content=b"{}",
        sha256=DIGEST, manifest_sha256=DIGEST, questionnaire="2026-1",
    )  # fmt: skip


def _decision(review: BoardReview) -> Decision:
    made: datetime = review.requested_at
    return Decision(
        request=review.request, number=1, round=1, outcome="approved", status="ended", revision=review.revision,
        revision_sha256=DIGEST, manifest_sha256=DIGEST, reasons="As the board found.", decided_at=made,
        approved_at=made, valid_until=date(2030, 1, 1), expires_at=made + timedelta(days=900), ended_at=made,
    )  # fmt: skip


def _condition(decision: Decision, review: BoardReview, owner: User, verifier: User) -> Condition:
    return Condition(
        decision=decision, review=review, number=1, text="Publish the model card.", owner=owner, verifier=verifier,
        due=date(2026, 12, 1), due_at=NOW,
    )  # fmt: skip
