"""Comments on the controls of checklists: what owner and reviewer write to each other."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query

from accounts.api.fields import Id, In, Out, PersonOut, Words, person_out
from accounts.api.pages import PageOut, PageQuery, list_page
from accounts.api.rooms import Room
from accounts.api.visit import who
from accounts.rules.scopes import Scope
from compliance.api.checklists import ControlNumber
from compliance.models import ControlComment
from compliance.permissions import assessment_to_read
from compliance.services.findings import comment_on_control

room = Room("Compliance")


class ControlCommentOut(Out):
    """A comment on a control; never changed, never removed."""

    id: int = Field(examples=[15])
    control: str = Field(examples=["RR-1"])
    text: str = Field(examples=["Which of the two manifests is this?"])
    created_by: PersonOut
    created_at: datetime


class ControlCommentIn(In):
    """What is said."""

    text: Words = Field(examples=["Which of the two manifests is this?"])


class ControlCommentQuery(PageQuery):
    """On which control."""

    control: Annotated[str, Field(max_length=40, description="Its number; left out: all of them.")] = ""


@room.get("/assessments/{assessment_id}/comments", PageOut[ControlCommentOut], Scope.COMPLIANCE_READ)
def list_control_comments(
    request: HttpRequest, assessment_id: Id, asked: Query[ControlCommentQuery]
) -> dict[str, Any]:
    """List the comments on the controls of a checklist, newest first."""
    user, now = who(request)
    found = assessment_to_read(user, assessment_id, now)
    rows = found.comments.select_related("control", "created_by")
    if asked.control:
        rows = rows.filter(control__number=asked.control)
    return list_page(request, rows, asked, _comment)


@room.post(
    "/assessments/{assessment_id}/controls/{control}/comments", ControlCommentOut, Scope.COMPLIANCE_WRITE,
    status=201,
)  # fmt: skip
def comment_on_a_control(
    request: HttpRequest, assessment_id: Id, control: ControlNumber, given: ControlCommentIn
) -> ControlCommentOut:
    """Comment on a control, until the checklist is accepted."""
    user, now = who(request)
    return _comment(
        comment_on_control(actor=user, assessment_id=assessment_id, number=control, text=given.text, now=now)
    )


def _comment(one: ControlComment) -> ControlCommentOut:
    return ControlCommentOut(
        id=one.pk, control=one.control.number, text=one.text, created_by=person_out(one.created_by),
        created_at=one.created_at,
    )  # fmt: skip
