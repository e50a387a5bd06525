"""Who asks for each address, and which things of the sample organisation the addresses are about.

Seen from the request IMP-2026-0008, which three boards review: requester, chair of the leading board, member of two
boards, recused from it, legal staff, secretary, administrator, an auditor whose engagement covers it (inside) and one
without an engagement (outside), a researcher without a project (outsider), and nobody signed in (anonymous).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from accounts.roles import Role
from accounts.services.sample import make_sample_person
from audit.models import Event
from compliance.models import Assessment, Evidence, Schedule
from compliance.services.exceptions import ask_for_exception
from compliance.services.findings import Planned, raise_finding
from jobs.models import Job
from oversight.models import Bundle, Engagement, Sample, SampleItem
from records.models import Record
from records.seal import authority, lists
from reviews.models import AnswerFile, ClosingDay, Condition, ConditionReport, Decision, ReviewRequest, Seat
from reviews.selectors.questionnaires import current
from reviews.services.attesting import attest_approvals
from reviews.services.conditions import report_condition
from reviews.services.questionnaires import draft_questions
from tests.addresses.cast_meetings import about_meetings
from tests.addresses.cast_webhooks import about_webhooks
from tests.attesting import sealed
from tests.audit.logs import signed

ROLES = (
    "requester", "chair", "member", "recused", "legal", "secretary", "administrator",
    "inside", "outside", "outsider", "anonymous",
)  # fmt: skip
IN_REVIEW, SUBMITTED, RELEASED, UNSIGNED, SUSPENDED, APPROVED, REJECTED = (
    "IMP-2026-0008", "IMP-2026-0010", "IMP-2026-0004", "IMP-2026-0007", "IMP-2026-0002", "IMP-2026-0005",
    "IMP-2026-0001",
)  # fmt: skip
NAMED = {
    "requester": "aylin", "chair": "ruth", "member": "noor", "recused": "yutong", "legal": "oliver",
    "secretary": "ingrid", "administrator": "petra", "inside": "ines",
}  # fmt: skip

NOBODYS = 10**6  # an id that nothing has

# Addresses about another request than the one in review, because their act exists there only.
ELSEWHERE = {
    "reviews:accept": SUBMITTED, "reviews:send_back": SUBMITTED, "reviews:triage": SUBMITTED,
    "reviews:route": SUBMITTED, "reviews:sign": UNSIGNED, "reviews:refuse_to_sign": UNSIGNED,
    "reviews:release": APPROVED, "reviews:suspend": RELEASED, "reviews:suspension": SUSPENDED,
    "reviews:withdraw_approval": SUSPENDED, "reviews:continuing": RELEASED, "reviews:return_continuing": RELEASED,
    "reviews:against_approved": RELEASED, "reviews:pipeline": RELEASED, "reviews:reassign_condition": APPROVED,
    "reviews:condition": APPROVED, "reviews:verify_condition": APPROVED, "reviews:condition_file": APPROVED,
    "reviews:dossier_file": RELEASED, "reviews:detach": RELEASED,
    "reviews:appeal": REJECTED, "reviews:show_appeal": REJECTED, "reviews:form_appeal_panel": REJECTED,
}  # fmt: skip

# Addresses of the questions of dossiers, whose versions have names and no numbers.
QUESTIONS = (
    "reviews:questions_version", "reviews:questions_file", "reviews:draft_questions", "reviews:use_questions",
    "reviews:retire_questions", "reviews:questions_draft", "reviews:questions_source", "reviews:move_question",
    "reviews:preview_questions", "reviews:publish_questions", "reviews:discard_questions", "reviews:edit_topic",
    "reviews:edit_question",
)  # fmt: skip

# Addresses of the texts of letters, of which there is one for each kind and language.
LETTER_TEXTS = ("reviews:letter_text", "reviews:letter_text_version", "reviews:restore_letter_text")


def people(now: datetime) -> dict[str, User | None]:
    """Return who plays which role; two people who see nothing join the organisation."""
    cast: dict[str, User | None] = {
        role: User.objects.get(email=f"{name}@lanternfield.example") for role, name in NAMED.items()
    }
    for role, group in (("outside", Role.AUDITOR), ("outsider", Role.RESEARCHER)):
        cast[role] = make_sample_person(
            email=f"{role}@lanternfield.example", display_name=role, roles=[group], language="en",
            time_zone="UTC", line_manager=None, now=now,
        )  # fmt: skip
    return cast | {"anonymous": None}


def arguments(cast: Mapping[str, User | None], now: datetime) -> dict[str, dict[str, Any]]:
    """Return the arguments of addresses: under "" those that hold everywhere, else under the address's name."""
    request = ReviewRequest.objects.get(reference=IN_REVIEW)
    version, reviews = request.version, request.board_reviews
    assessment = Assessment.objects.get(version=version)
    evidence = Evidence.objects.filter(assessment=assessment).first() or Evidence.objects.first()
    condition = Condition.objects.get(decision__request__reference=APPROVED, number=2)
    report = _reported(condition, now)
    outsider = cast["outsider"]
    assert outsider is not None
    everywhere = {
        "reference": IN_REVIEW,
        "comment_id": _pk(request.comments.first()),
        "question_id": _pk(request.questions.first()),
        "block_id": _pk(reviews.get(board__slug="ethics").blocks.first()),
        "declaration_id": NOBODYS,
        "decision_id": NOBODYS,
        "note_id": NOBODYS,
        "delegation_id": NOBODYS,
        "interest_id": NOBODYS,
        "board": "ethics",
        "kind": "review",
        "thing_id": _pk(reviews.get(board__slug="ethics")),
        "motion_id": _pk(reviews.get(board__slug="legal").motions.first()),
        "number": 1,
        "version": 1,
        "seat_id": _pk(Seat.objects.filter(board__slug="ethics").first()),
        "permission": "read_board",
        "file_id": _pk(AnswerFile.objects.filter(request__reference=RELEASED).first()),
        "proposal_id": NOBODYS,
        "question": "data-rights",
        "person_id": outsider.pk,
        "role": Role.RESEARCHER,
        "invitation_id": NOBODYS,
        "session_id": NOBODYS,
        "picture": "time",
        "pk": NOBODYS,
        "token": "stranger",
        "token_id": NOBODYS,
        "uidb36": "1",
        "key": "set-password",
        "assessment_id": assessment.pk,
        "evidence_id": _pk(evidence),
        **_found(assessment, cast, now),
        "schedule_id": _pk(Schedule.objects.first()),
        "code": "release-readiness",
        "project_id": version.model.project_id,
        "model_id": version.model_id,
        "version_id": version.pk,
        "grant_id": _pk(version.model.project.user_grants.first()),
        "record_id": _pk(Record.objects.filter(reference=RELEASED).first()),
        "message_id": NOBODYS,
        "event_id": _pk(
            Event.objects.filter(object_type="reviews.reviewrequest", object_id=str(request.pk)).first()
        ),
        "label": "reviews.reviewrequest",
        "object_id": str(request.pk),
        "checkpoint_id": _pk(signed(now)),
        "engagement_id": _pk(Engagement.objects.order_by("-id").first()),
        "sample_id": _pk(Sample.objects.first()),
        "item_id": _pk(SampleItem.objects.first()),
        "bundle_id": _pk(Bundle.objects.first()),
        "job_id": _pk(Job.objects.first()),
        "meeting_id": NOBODYS,
        "preview": "0" * 32,
        "page": 1,
        "papers_id": NOBODYS,
        "sha256": _authority(now),
        "closing_id": _pk(ClosingDay.objects.first()),
        **_attested(now),
    }
    administrator = cast["administrator"]
    assert administrator is not None
    everywhere |= about_webhooks(administrator, now)
    here = {name: everywhere | {"reference": reference} for name, reference in ELSEWHERE.items()}
    for name in ("compliance:raise_finding", "compliance:ask_exception", "compliance:comment"):
        here[name] = everywhere | {"number": assessment.library.controls.all()[0].number}
    about_condition = ("condition", "verify_condition", "condition_file", "reassign_condition")
    for name in (f"reviews:{each}" for each in about_condition):
        here[name] |= {"number": condition.number, "file_id": _pk(report.files.first())}
    here["reviews:assign_reader"] = everywhere | {"role": "lead"}
    asked = {"version": current().version, "topic": 1, "question": 1}
    asked |= {"draft_id": draft_questions(actor=administrator, version=current().version, now=now).pk}
    about_questions = dict.fromkeys(QUESTIONS, everywhere | asked)
    a_text = {"kind": "rejected", "language": "en", "version": 0}
    about_texts = dict.fromkeys(LETTER_TEXTS, everywhere | a_text)
    return {"": everywhere} | here | about_questions | about_texts | about_meetings(everywhere)


def _attested(now: datetime) -> dict[str, Any]:
    """Return the attestation of the released version, whose record counts as sealed for it."""
    decision = sealed(Decision.objects.get(request__reference=RELEASED, approved_at__isnull=False), now)
    (found,) = attest_approvals(request_id=decision.request_id, occasion="approved", now=now)
    return {"uid": found.uid, "manifest_sha256": found.manifest_sha256}


def _found(assessment: Assessment, cast: Mapping[str, User | None], now: datetime) -> dict[str, int]:
    """Return the ids of a finding, its action and an exception, all about the version in review."""
    secretary, requester = cast["secretary"], cast["requester"]
    assert secretary is not None
    assert requester is not None
    number = assessment.library.controls.all()[0].number
    about: dict[str, Any] = {"actor": secretary, "assessment_id": assessment.pk, "number": number, "now": now}
    until = now.date() + timedelta(days=60)
    finding = raise_finding(
        severity="high", text="No sheet.", action=Planned("Write it.", requester, until), **about
    )
    exception = ask_for_exception(reason="The supplier is late.", instead="", until=until, **about)
    return {"finding_id": finding.pk, "action_id": _pk(finding.actions.first()), "exception_id": exception.pk}


def _reported(condition: Condition, now: datetime) -> ConditionReport:
    """Return a report on the condition, with a file, made by its owner."""
    return report_condition(
        actor=condition.owner, condition_id=condition.pk, text="Shown in staging.",
        files=[SimpleUploadedFile("shown.txt", b"shown")], now=now,
    )  # fmt: skip


def _authority(now: datetime) -> str:
    """Return the digest of the authority that certifies people; it has a list."""
    row = authority.for_people(now)
    lists.current(row, now)
    return row.sha256


def _pk(found: Any) -> int:
    """Return the id; the sample must have such a thing."""
    assert found is not None, "the sample has no such thing"
    return int(found.pk)
