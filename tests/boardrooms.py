"""Short forms for tests: boards with the fixed cast, a request in review, ballots, a decision.

The cast: Ravi Requester; Chloe Chair, Milo Member, Mara Member and Lena Lay on the ethics board; Rex Recused, who is
Ravi's line manager, on it too; Sena Secretary; Lex Legal; Rita Release; Sid Safety; Ada Admin; Ugo Outsider.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import transaction

from accounts import totp
from accounts.models import User
from accounts.roles import Role
from accounts.signing import Proof
from audit.models import Event
from imprimatur.dossier.questionnaire import Question, QuestionType
from registry.models import ModelVersion
from reviews.models import Answer, AnswerFile, Ballot, Board, BoardReview, Decision, Motion, ReviewRequest
from reviews.selectors.dossier import dossier_of
from reviews.services.boards import make_board, seat_person, set_policy
from reviews.services.drafting import attach_manifest
from reviews.services.motions import ConditionDraft, move_motion, second_motion
from reviews.services.opening import open_ballot
from reviews.services.signing import sign_decision
from reviews.services.submission import submit_revision
from reviews.services.triage import accept_request, route_request
from reviews.services.voting import cast_vote
from tests.dossiers import MANIFEST, NOW, PASSWORD, a_draft, a_version, person

STANDING: list[str] = []  # names of the world that the module works in, see tests/worlds.py

POLICY: dict[str, Any] = {
    "quorum": {"kind": "majority_of_seats"},
    "composition": [{"at_least": 1, "any_of": ["lay", "external"]}],
    "threshold": {"numerator": 1, "denominator": 2, "strict": True, "of": "present_and_eligible"},
    "ballot_days": 3,
}


@dataclass
class House:
    """The cast and their boards; people by first name in lower case."""

    people: dict[str, User] = field(default_factory=dict)
    boards: dict[str, Board] = field(default_factory=dict)
    requests: dict[tuple[str, ...], ReviewRequest] = field(default_factory=dict)  # that stand, by boards

    def __getattr__(self, name: str) -> User:
        try:
            found: User = self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None
        return found

    def ethics_review(self, request: ReviewRequest) -> BoardReview:
        return BoardReview.objects.get(request=request, board=self.boards["ethics"])

    def safety_review(self, request: ReviewRequest) -> BoardReview:
        return BoardReview.objects.get(request=request, board=self.boards["safety"])


def a_house(policy: Mapping[str, Any] | None = None) -> House:
    """Make the cast, an ethics board of five seats and a safety board of one, or find them where they stand."""
    if STANDING:
        return the_house(policy)
    house = House()
    for name, *roles in (
        ("Rex Recused",),
        ("Chloe Chair",),
        ("Milo Member",),
        ("Mara Member",),
        ("Lena Lay",),
        ("Sena Secretary", Role.SECRETARY),
        ("Lex Legal", Role.LEGAL),
        ("Rita Release", Role.RELEASE_MANAGER),
        ("Sid Safety", Role.SAFETY_LEAD),
        ("Ada Admin", Role.ADMINISTRATOR),
        ("Ugo Outsider",),
    ):
        house.people[name.split()[0].lower()] = person(name, *roles)
    house.people["ravi"] = person("Ravi Requester", Role.RESEARCHER, line_manager=house.rex)
    for name in ("lex", "chloe", "sid"):
        TOTP.activate(house.people[name], generate_totp_secret())
    _board(house, "ethics", policy or POLICY, [
        ("chloe", "chair", []), ("milo", "member", []), ("mara", "member", ["expert"]), ("lena", "member", ["lay"]),
        ("rex", "member", ["external"]),
    ])  # fmt: skip
    _board(house, "safety", {**POLICY, "composition": []}, [("sid", "chair", []), ("mara", "member", [])])
    return house


def the_house(policy: Mapping[str, Any] | None = None) -> House:
    """Return the house that stands in this world, with fresh instances of everybody and everything."""
    people = {user.display_name.split()[0].lower(): user for user in User.objects.all()}
    house = House(people, {board.slug: board for board in Board.objects.all()})
    for request in ReviewRequest.objects.all():
        reviews = (
            BoardReview.objects.filter(request=request).select_related("board").order_by("-leading", "id")
        )
        house.requests[tuple(review.board.slug for review in reviews)] = request
    if policy is not None:
        set_policy(
            actor=house.ada, board_id=house.boards["ethics"].pk, content=policy, reason="As agreed.",
            now=NOW - timedelta(days=30),
        )  # fmt: skip
    return house


def _board(
    house: House, kind: str, policy: Mapping[str, Any], seats: Iterable[tuple[str, str, list[str]]]
) -> None:
    board = make_board(
        actor=house.ada, slug=kind, name_en=f"{kind.title()} board", name_zh=f"{kind}委员会", kind=kind,
        policy=policy, now=NOW - timedelta(days=30),
    )  # fmt: skip
    house.boards[kind] = board
    for name, role, attributes in seats:
        seat_person(
            actor=house.ada, board_id=board.pk, person_id=house.people[name].pk, role=role, attributes=attributes,
            now=NOW - timedelta(days=30),
        )  # fmt: skip


def in_review(
    house: House,
    boards: Collection[str] = ("ethics",),
    *,
    version: ModelVersion | None = None,
    procedure: str = "full",
    now: datetime = NOW,
    **given: Any,
) -> ReviewRequest:
    """Return a request that the secretary routed to these boards, the first one leading."""
    if house.requests and version is None:
        if (procedure, now, given) == ("full", NOW, {}) and (
            standing := house.requests.pop(tuple(boards), None)
        ):
            return standing
        version = a_version(house.ravi, number=f"2.{1 + ReviewRequest.objects.count()}", now=now)
    request = submitted(house, version, now, **given)
    accept_request(actor=house.sena, request_id=request.pk, now=now)
    chosen = [house.boards[kind] for kind in boards]
    route_request(
        actor=house.sena, request_id=request.pk, tier=2, procedure=procedure, boards=chosen, leading=chosen[0],
        override_reason="As the boards agreed.", ground="critical_fix" if procedure == "emergency" else "", now=now,
    )  # fmt: skip
    return ReviewRequest.objects.get(pk=request.pk)


def submitted(house: House, version: ModelVersion | None, now: datetime, **given: Any) -> ReviewRequest:
    """Return a request with its first revision, by default of a new version.

    The answers are put there at once, not one by one by the service.
    """
    said: Mapping[str, str] = given.pop("answers", {})
    manifest = given.pop("manifest", MANIFEST)
    request = a_draft(house.ravi, version, now=now, **given)
    with transaction.atomic():
        while missing := dossier_of(request).problems:
            Answer.objects.bulk_create(
                Answer(request=request, question=p.question.key, value=said.get(p.question.key, _value(p.question)),
                       updated_at=now, updated_by=house.ravi)
                for p in missing
            )  # fmt: skip
            AnswerFile.objects.bulk_create(
                AnswerFile(request=request, question=p.question.key, name="report.txt", sha256="f" * 64, size=14,
                           added_at=now, added_by=house.ravi)
                for p in missing if p.question.type == QuestionType.FILE
            )  # fmt: skip
        attach_manifest(actor=house.ravi, request_id=request.pk, text=manifest, now=now)
        submit_revision(actor=house.ravi, request_id=request.pk, now=now)
    return request


def _value(question: Question) -> str | list[str] | None:
    match question.type:
        case QuestionType.FILE:
            return None
        case QuestionType.MARKDOWN:
            return f"What is asked in {question.number} was looked into."
        case QuestionType.NUMBER:
            return "1"
        case QuestionType.DATE:
            return "2026-10-01"
        case QuestionType.CHOICES:
            return [question.options[0].code]
    return question.options[0].code


def a_motion(
    house: House,
    review: BoardReview,
    kind: str = "approve",
    *,
    mover: str = "milo",
    seconder: str = "mara",
    now: datetime = NOW,
    conditions: Collection[ConditionDraft] = (),
    block_id: int | None = None,
) -> Motion:
    """Return a seconded motion."""
    motion = move_motion(
        actor=house.people[mover], review_id=review.pk, kind=kind, text=f"The board should {kind} it.", now=now,
        conditions=list(conditions), block_id=block_id,
    )  # fmt: skip
    return second_motion(actor=house.people[seconder], motion_id=motion.pk, now=now)


def a_ballot(
    house: House, review: BoardReview, kind: str = "approve", *, now: datetime = NOW, **given: Any
) -> Ballot:
    """Return an open ballot of the ethics board on a motion; `absent` are names of the cast."""
    absent = [house.people[name].pk for name in given.pop("absent", ())]
    opening = {key: given.pop(key) for key in ("deadline", "sitting") if key in given}
    motion = a_motion(house, review, kind, now=now, **given)
    return open_ballot(actor=house.sena, motion_id=motion.pk, absent=absent, now=now, **opening)


def vote(
    house: House,
    ballot: Ballot,
    name: str,
    position: str = "for",
    *,
    now: datetime = NOW,
    block_text: str = "",
    reason: str = "",
) -> Ballot:
    """Cast a vote and return the ballot as it is afterwards."""
    cast_vote(
        actor=house.people[name], ballot_id=ballot.pk, position=position,
        reason=reason or f"{name} thinks so.", revision_sha256=ballot.revision_sha256, now=now, block_text=block_text,
    )  # fmt: skip
    return Ballot.objects.get(pk=ballot.pk)


def all_vote(
    house: House,
    ballot: Ballot,
    position: str = "for",
    *,
    names: Iterable[str] = ("chloe", "milo", "mara", "lena"),
    now: datetime = NOW,
) -> Ballot:
    """Let them all vote alike."""
    for name in names:
        ballot = vote(house, ballot, name, position, now=now)
    return ballot


def decided(house: House, request: ReviewRequest, kind: str = "approve", **given: Any) -> Decision:
    """Let the ethics board pass a motion of this kind and return the decision."""
    ballot = a_ballot(house, house.ethics_review(request), kind, **given)
    all_vote(house, ballot, now=given.get("now", NOW))
    return Decision.objects.filter(request=request).latest("number")


def sign(
    house: House, decision: Decision, role: str, name: str, *, now: datetime = NOW, code: str | None = None
) -> None:
    """Sign with password and one-time code."""
    actor = house.people[name]
    shown = totp.next_code(actor, now)
    assert decision.record is not None
    sign_decision(
        actor=actor, decision_id=decision.pk, role=role, record_sha256=decision.record.context_sha256,
        proof=Proof(password=PASSWORD, code=code if code is not None else shown.code if shown else ""), now=now,
    )  # fmt: skip


def approved(house: House, request: ReviewRequest, *, now: datetime = NOW, **given: Any) -> Decision:
    """Return a decision that legal staff and the chair have signed: a new one, or the one that stands in this world."""
    if "approval" in STANDING and request.state == "approved":
        if (now, given) == (NOW, {}):
            return Decision.objects.select_related("request").get(request=request)
        request = in_review(house, version=a_version(house.ravi, number="2.9", now=now))
    decision = decided(house, request, now=now, **given)
    sign(house, decision, "legal", "lex", now=now)
    sign(house, decision, "chair", "chloe", now=now)
    return Decision.objects.select_related("request").get(pk=decision.pk)


def verbs_about(request: ReviewRequest) -> list[str]:
    """Return the names of all events of the request's story, oldest first."""
    found = Event.objects.filter(root_type="reviews.reviewrequest", root_id=str(request.pk)).order_by("id")
    return list(found.values_list("verb", flat=True))


def events(verb: str) -> int:
    """Return how many events of this name there are."""
    return Event.objects.filter(verb=verb).count()
