"""Checklists opened by hand, given to people, moved to another day."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field

from accounts.api.fields import Id, IdIn, In, LikelyDayIn, Whole, Words
from accounts.api.rooms import Room
from accounts.api.visit import tell, who
from accounts.models import User
from accounts.rules.scopes import Scope
from compliance.api.checklists import AssessmentOut, told_assessment
from compliance.api.libraries import Code
from compliance.selectors.libraries import newest_libraries
from compliance.services.about import Checked
from compliance.services.moving import move_due
from compliance.services.opening import open_assessment
from compliance.services.reviewing import assign_assessment

room = Room("Compliance")


class ChecklistIn(In):
    """About what, by whom, in how many days; about the organisation unless one of the three is given."""

    project: IdIn | None = Field(None, examples=[None])
    version: IdIn | None = Field(None, examples=[9])
    board: IdIn | None = Field(None, description="Number of a board.", examples=[None])
    days: Whole | None = Field(
        None, le=366, description="Days to complete; left out: those of the library.", examples=[14]
    )
    owner: IdIn | None = Field(None, description="Number of who fills it in.", examples=[12])
    reviewer: IdIn | None = Field(None, description="Number of who reviews it.", examples=[14])


class HandsIn(In):
    """Who fills a checklist in, and who reviews it; null: nobody yet."""

    owner: IdIn | None = Field(description="Number of who fills it in.", examples=[12])
    reviewer: IdIn | None = Field(description="Number of who reviews it.", examples=[14])


class DueIn(In):
    """Another day on which it is due, and why."""

    day: LikelyDayIn = Field(description="Until its end, in the zone of its schedule or of who moves it.")
    reason: Words = Field(examples=["The reviewer is away until the 9th."])


@room.post("/libraries/{code}/checklists", AssessmentOut, Scope.COMPLIANCE_WRITE, status=201)
def open_checklist(request: HttpRequest, code: Code, given: ChecklistIn) -> AssessmentOut:
    """Open a checklist of the library by hand, for instance for a version whose gate asks for it."""
    user, now = who(request)
    library = newest_libraries([code]).get(code)
    if library is None:
        raise Http404
    checked = Checked(
        library_code=code, project_id=given.project, version_id=given.version, board_id=given.board
    )
    made = open_assessment(
        actor=user, checked=checked, days=library.days if given.days is None else given.days,
        owner=_person(given.owner), reviewer=_person(given.reviewer), now=now,
    )  # fmt: skip
    tell(request, "Location", f"/api/v1/assessments/{made.pk}")
    return told_assessment(user, made.pk, now)


@room.put("/assessments/{assessment_id}/people", AssessmentOut, Scope.COMPLIANCE_WRITE)
def assign_checklist(request: HttpRequest, assessment_id: Id, given: HandsIn) -> AssessmentOut:
    """Name who fills a checklist in and who reviews it, two different people; the same again changes nothing."""
    user, now = who(request)
    assign_assessment(
        actor=user, assessment_id=assessment_id, owner=_person(given.owner), reviewer=_person(given.reviewer),
        now=now,
    )  # fmt: skip
    return told_assessment(user, assessment_id, now)


@room.post("/assessments/{assessment_id}/due", AssessmentOut, Scope.COMPLIANCE_WRITE)
def move_checklist(request: HttpRequest, assessment_id: Id, given: DueIn) -> AssessmentOut:
    """Move the day on which a checklist is due; the date for which it was scheduled never changes."""
    user, now = who(request)
    move_due(actor=user, assessment_id=assessment_id, day=given.day, reason=given.reason, now=now)
    return told_assessment(user, assessment_id, now)


def _person(number: int | None) -> User | None:
    return get_object_or_404(User, pk=number, is_active=True) if number is not None else None
