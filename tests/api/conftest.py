"""A world for calls of the API: a house with a request in review, and things of others that hold marks.

Each mark is a text that some roles must never be told, whatever they call.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from accounts.rules.scopes import FOR_ADMINISTRATORS, Scope
from accounts.services.api_tokens import make_token
from audit.models import Event
from jobs.models import Job
from oversight.models import Engagement, Sample
from oversight.sampling import draw_sample
from oversight.services import make_engagement
from records.certificates import issue_certificate
from reviews.models import (
    BoardReview,
    Delegation,
    DisclosedInterest,
    IncidentReport,
    MeetingSeries,
    Motion,
    Note,
    Seat,
)
from reviews.selectors.questionnaires import current
from reviews.services.blocks import raise_block
from reviews.services.boards import seat_person
from reviews.services.delegating import delegate
from reviews.services.disclosing import InterestDraft, disclose
from reviews.services.discussing import comment_on_answer
from reviews.services.drafting import state_purpose
from reviews.services.incidents import Told, raise_incident
from reviews.services.interests import declare_interest
from reviews.services.noting import write_note
from reviews.services.papers import ask_for_papers
from reviews.services.questionnaires import draft_questions
from reviews.services.reading import ask_question
from reviews.services.working_days import add_closing
from tests import worlds
from tests.api.checks import with_checks
from tests.boardrooms import House, a_house, a_motion, in_review
from tests.conftest import own_database
from tests.dossiers import NOW, a_draft, a_project, a_version, person
from tests.meetingrooms import a_meeting, called, row_of
from webhooks.services.endpoints import add_endpoint
from webhooks.services.sending import send_test

ROLES = {
    "requester": "ravi", "member": "milo", "chair": "chloe", "secretary": "sena", "legal": "lex",
    "release manager": "rita", "administrator": "ada", "outsider": "ugo", "auditor": "ines",
    "recused": "rex", "auditor with an engagement": "ina",
}  # fmt: skip
OF_A_DRAFT, OF_A_PROJECT, OF_A_BOARD = (
    "mark-kept-in-a-draft",
    "mark-of-another-project",
    "mark-among-the-board",
)
SEES_EVERY_PROJECT = {
    "secretary", "legal", "release manager", "administrator", "auditor with an engagement",
}  # fmt: skip
SEES_THE_BOARD = {"member", "chair", "secretary", "legal", "auditor with an engagement"}


@dataclass
class World:
    """Tokens by role, and the values that stand for the parameters of addresses."""

    tokens: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)

    def hidden_from(self, role: str, path: str) -> set[str]:
        """Return the marks that must never appear in what the role is told there.

        The log shows administrators everybody's reasons, on its pages and so here, too.
        """
        if role == "administrator" and path.startswith(("/api/v1/events", "/api/v1/log/objects/")):
            return {OF_A_DRAFT}
        hidden = {OF_A_DRAFT}
        hidden |= set() if role in SEES_EVERY_PROJECT else {OF_A_PROJECT}
        return hidden | (set() if role in SEES_THE_BOARD else {OF_A_BOARD})


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The world, in a database of its own; what a call does is undone after it."""
    with (
        django_db_blocker.unblock(),
        worlds.standing("review"),
        own_database(django_db_blocker, "api"),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr("jobs.queue.send", lambda job_id: True)  # no worker of this test listens
        for signal in (request_started, request_finished):  # a call happens within a transaction of the test
            signal.disconnect(close_old_connections)
        yield _made(a_house())
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def _made(house: House) -> World:
    request = in_review(house)
    _furnish(house, house.ethics_review(request))
    meeting = called(house)
    a_meeting(house, after=timedelta(days=8))
    series = MeetingSeries.objects.create(
        board=meeting.board, rule="FREQ=WEEKLY;BYDAY=FR", starts="2026-12-04T10:00", zone="UTC", lasts=90,
        place="Room 4", made_by=house.sena, made_at=NOW,
    )  # fmt: skip
    papers = ask_for_papers(actor=house.milo, meeting_id=meeting.pk, language="en", now=NOW)
    checks = with_checks(house, request.version, OF_A_PROJECT)
    world = World()
    for role, name in ROLES.items():
        world.tokens[role] = _token(house.people[name])
    version = request.version
    world.values = {
        "reference": request.reference, "project_id": version.model.project_id, "model_id": version.model_id,
        "version_id": version.pk, "grant_id": version.model.project.user_grants.all()[0].pk, "number": 1,
        "person_id": house.milo.pk, "board": "ethics", "question": "intended_use",
        "comment_id": request.comments.all()[0].pk, "motion_id": Motion.objects.get().pk,
        "block_id": house.ethics_review(request).blocks.all()[0].pk,
        "engagement_id": Engagement.objects.get().pk, "role": Role.RESEARCHER.value, "verdict": "approval",
        "code": "release-readiness", "year": NOW.year, "month": NOW.month,
        "sample_id": Sample.objects.get().pk, "drawn_id": Sample.objects.get().items.all()[0].pk,
        "incident": IncidentReport.objects.get(project=version.model.project).incident_id,
        "question_id": request.questions.all()[0].pk, "declaration_id": request.declarations.all()[0].pk,
        "thing_id": house.ethics_review(request).pk,
        "delegation_id": Delegation.objects.get().pk, "meeting_id": meeting.pk,
        "seat_id": house.boards["ethics"].seats.get(person=house.milo).pk,
        **_settings(house), "note_id": Note.objects.get().pk,
        "interest_id": DisclosedInterest.objects.get().pk,
        "item_id": meeting.items.all()[0].pk, "attendance_id": row_of(house, meeting, "milo").pk,
        "series_id": series.pk, "papers_id": papers.pk,
        **checks,
    }  # fmt: skip
    world.values |= _looked_after(house)
    return world


def _looked_after(house: House) -> dict[str, Any]:
    """Make what administrators look after, and return its values."""
    ada, now = house.ada, timezone.now()
    endpoint, _secret = add_endpoint(
        actor=ada,
        url="https://hooks.example.org/in",
        description="Pipeline",
        chosen=["request.approved"],
        now=now,
    )
    delivery = send_test(actor=ada, endpoint_id=endpoint.pk, now=now)
    certificate = issue_certificate(actor=ada, person_id=house.milo.pk, now=now)
    submitted = Event.objects.filter(verb="request.submitted").earliest("id")
    return {
        "endpoint_id": endpoint.pk, "delivery_id": delivery.pk, "sha256": certificate.sha256,
        "printed_code": "7KQM-3XVT-9D2H-PW4C", "job_id": Job.objects.latest("id").pk, "event_id": submitted.pk,
        "label": submitted.object_type, "key": submitted.object_id,
    }  # fmt: skip


def _furnish(house: House, review: BoardReview) -> None:
    """Put in what holds marks, and the people whom the house lacks."""
    said: dict[str, Any] = {"actor": house.milo, "text": OF_A_BOARD, "now": NOW}
    comment_on_answer(request_id=review.request_id, audience="board", **said)
    raise_block(review_id=review.pk, **said)
    write_note(request_id=review.request_id, readers="private", **said)
    line = InterestDraft("person", "Ravi Requester", OF_A_BOARD)
    disclose(actor=house.milo, interests=[line], none=False, now=NOW)
    about: dict[str, Any] = {"actor": house.mara, "text": "Which dialects?", "now": NOW}
    ask_question(review_id=review.pk, **about)
    declare_interest(request_id=review.request_id, kind="other", **about)
    a_motion(house, review)
    Motion.objects.update(text=OF_A_BOARD)
    house.people["ines"] = person("Ines Auditor", Role.AUDITOR)
    ina = house.people["ina"] = person("Ina Inside", Role.AUDITOR)
    now = timezone.now()
    seat_person(
        actor=house.ada, board_id=review.board_id, person_id=person("Alma Alternate").pk, role="alternate",
        attributes=["lay"], now=now,
    )  # fmt: skip
    alma = Seat.objects.get(role="alternate").person_id
    delegate(
        actor=house.milo, board_id=review.board_id, deputy_id=alma, since=now, until=now + timedelta(days=9),
        reason=OF_A_BOARD, now=now,
    )  # fmt: skip
    engagement = make_engagement(
        actor=house.ada, title="Yearly", purpose="Whether releases followed the policy", auditors=[ina], whole=True,
        projects=[], boards=[], starts_at=now, ends_at=now + timedelta(days=30), now=now,
    )  # fmt: skip
    draw_sample(actor=ina, engagement_id=engagement.pk, size=1, seed="seven", now=now)
    for name in ("sena", "rita", "ada"):
        TOTP.activate(house.people[name], generate_totp_secret())
    stranger = person("Orla Other", Role.RESEARCHER)
    project = a_project(stranger, name=OF_A_PROJECT)
    known: dict[str, Any] = {"happened_at": now, "aware_at": now, "now": now}
    raise_incident(actor=stranger, told=Told(OF_A_PROJECT), project_id=project.pk, **known)
    raise_incident(actor=house.ravi, told=Told("Addresses."), version_id=review.request.version_id, **known)
    version = a_version(stranger, project=project, name=f"{OF_A_PROJECT}-7B")
    draft = a_draft(stranger, version, purpose="Secret")
    state_purpose(actor=stranger, request_id=draft.pk, purpose=OF_A_DRAFT, now=NOW)


def _settings(house: House) -> dict[str, Any]:
    """Put in what administrators look after, and return what names it in addresses."""
    said: dict[str, Any] = {"actor": house.ada, "now": NOW}
    day = date(2030, 1, 2)
    closing = add_closing(board_id=None, day=day, until=day, reason="Closed", **said)
    version = current().version
    draft = draft_questions(version=version, **said)
    return {
        "closing_id": closing.pk, "draft_id": draft.pk, "version": version, "topic": 1, "place": 1, "due": "review",
        "letter": "rejected", "language": "en", "version_number": 0,
    }  # fmt: skip


def _token(user: User) -> str:
    now = timezone.now()
    administers = user.groups.filter(name=Role.ADMINISTRATOR).exists()
    scopes = [scope for scope in Scope if administers or scope not in FOR_ADMINISTRATORS]
    _row, text = make_token(
        actor=user, name="Tests", scopes=scopes, expires_at=now + timedelta(days=1), now=now
    )
    return text
