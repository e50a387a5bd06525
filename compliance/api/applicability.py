"""What applies: libraries against the organisation, projects, models and versions; decisions made and taken back."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query

from accounts.api.fields import (
    LARGEST_ID,
    Address,
    Flag,
    Id,
    IdIn,
    In,
    LikelyDayIn,
    Out,
    PersonOut,
    Words,
    person_out,
)
from accounts.api.pages import PageOut, PageQuery, answer_page, cursor, read_cursor
from accounts.api.problems import Code as Why
from accounts.api.problems import Problem
from accounts.api.rooms import Room
from accounts.api.visit import who
from accounts.models import User
from accounts.rules.scopes import Scope
from compliance.api.libraries import Code
from compliance.models import ApplicabilityOverride, Library
from compliance.permissions import reads_all, why_not_manage
from compliance.rules.applicability import Level, Outcome
from compliance.selectors.applicability import Asked, Row, decisions_about, rows_after, verdict_of
from compliance.selectors.applicability_words import ruled, why
from compliance.selectors.libraries import newest_libraries
from compliance.selectors.subjects import Subject, address_of, subject_to_view
from compliance.selectors.verdicts import Verdict
from compliance.services.applicability import decide_applicability, take_decision_back

room = Room("Compliance")
Number = Annotated[int, Field(ge=1, le=LARGEST_ID)]


class SubjectOut(Out):
    """What a library may apply to; the organisation has the number 0."""

    level: str = Field(description="organisation, project, model or version.", examples=["version"])
    id: int = Field(examples=[9])
    name: str = Field(examples=["Ferryman-MT 2.1"])
    project: int | None = Field(examples=[3])


class VerdictOut(Out):
    """Whether a library applies, and why. `decided_by`: somebody decided so; null: the rule says it."""

    library: str = Field(description="Code of the library.", examples=["eu-ai-act"])
    framework: str = Field(examples=["eu-ai-act"])
    outcome: str = Field(
        description="yes, no, unknown, or elsewhere: it asks about others.", examples=["yes"]
    )
    why: list[str] = Field(examples=[["It is offered in the Union.", "The markets: European Union."]])
    decided_by: PersonOut | None
    decided_until: date | None = Field(description="The last day on which the decision counts; null: no end.")
    assessment: int | None = Field(description="The newest checklist about it.", examples=[7])


class SubjectRowOut(SubjectOut):
    """What it is, and what applies to it; libraries that ask about others are left out."""

    given_up: bool = Field(description="A version whose release was given up.")
    verdicts: list[VerdictOut]


class ApplicabilityDecisionOut(Out):
    """A decision about this very thing; it counts until its last day, or until it was taken back."""

    id: int = Field(examples=[3])
    applies: bool
    reason: str | None = Field(
        description="Null where only those who see all of compliance read it.",
        examples=["No user in the Union."],
    )
    until: date | None
    made_by: PersonOut
    made_at: datetime
    ended_by: PersonOut | None = Field(description="Who took it back.")
    ended_at: datetime | None


class ApplicabilityOut(VerdictOut):
    """Whether a library applies to one thing. `ruled`: what the rule says where somebody decided otherwise."""

    subject: SubjectOut
    ruled: list[str] = Field(examples=[[]])
    decided_about: SubjectOut | None = Field(description="What the decision is about that counts here.")
    decisions: list[ApplicabilityDecisionOut] = Field(description="About this very thing, the newest first.")
    why_not_decide: str | None = Field(examples=[None])
    address: Address


class SubjectQuery(In):
    """About what; the organisation unless one of the three is given."""

    project: Number | None = Field(None, examples=[None])
    model: Number | None = Field(None, examples=[None])
    version: Number | None = Field(None, examples=[9])


class ApplicabilityQuery(PageQuery):
    """What of all that applies is asked for."""

    q: Annotated[str, Field(max_length=200, description="Words of the name or of its project.")] = ""
    framework: Annotated[str, Field(max_length=60, examples=["eu-ai-act"])] = ""
    outcome: Literal["yes", "no", "unknown", "decided"] | None = Field(
        None, description="Only what has such a verdict; `decided`: about which somebody decided.",
        examples=["unknown"],
    )  # fmt: skip


class ApplicabilityDecisionIn(In):
    """Whether it applies, why, and until when; about the organisation unless one of the three is given."""

    project: IdIn | None = Field(None, examples=[None])
    model: IdIn | None = Field(None, examples=[None])
    version: IdIn | None = Field(None, examples=[9])
    applies: Flag
    reason: Annotated[Words, Field(max_length=4000)] = Field(examples=["No user in the Union."])
    until: LikelyDayIn | None = Field(
        None, description="The last day on which it counts; left out: no end.", examples=["2027-06-30"]
    )


@room.get("/applicability", PageOut[SubjectRowOut], Scope.COMPLIANCE_READ)
def list_applicability(request: HttpRequest, asked: Query[ApplicabilityQuery]) -> dict[str, Any]:
    """List what applies to the organisation, and to each project, model and version that the person sees.

    In the order of their names, each followed by what lies in it.
    """
    user, now = who(request)
    wanted = Asked(words=asked.q.strip(), framework=asked.framework, outcome=asked.outcome or "")
    place = read_cursor(asked, request.path)
    found = rows_after(user, now, wanted, (Level(place[0]), place[1]) if place else None, asked.limit)
    if found is None:
        raise Problem(Why.INVALID, _("The list isn't what it was. Begin without a cursor."))
    rows, more = found
    following = cursor(list(rows[-1].subject.key), request.path) if more else None
    return answer_page(request, [_row(row) for row in rows], following)


@room.get("/libraries/{code}/applicability", ApplicabilityOut, Scope.COMPLIANCE_READ)
def read_applicability(request: HttpRequest, code: Code, asked: Query[SubjectQuery]) -> ApplicabilityOut:
    """Read whether a library applies to one thing, why, and who decided what about it."""
    user, now = who(request)
    return _told(user, code, *_key(asked), now)


@room.post("/libraries/{code}/decisions", ApplicabilityOut, Scope.COMPLIANCE_WRITE, status=201)
def decide_whether_it_applies(
    request: HttpRequest, code: Code, given: ApplicabilityDecisionIn
) -> ApplicabilityOut:
    """Decide whether a library applies, against what its conditions say.

    The nearest decision holds: that about the version, else the model, the project, the organisation.
    """
    user, now = who(request)
    level, key = _key(given)
    decide_applicability(
        actor=user, code=code, level=level, subject_id=key, applies=given.applies, reason=given.reason,
        until=given.until, now=now,
    )  # fmt: skip
    return _told(user, code, level, key, now)


@room.post("/decisions/{decision_id}/end", ApplicabilityOut, Scope.COMPLIANCE_WRITE, takes=None)
def take_applicability_back(request: HttpRequest, decision_id: Id) -> ApplicabilityOut:
    """Take a decision whether a library applies back: its conditions, or another decision, count again."""
    user, now = who(request)
    row = take_decision_back(actor=user, decision_id=decision_id, now=now)
    return _told(user, row.library_code, Level(row.level), row.subject_id, now)


def _key(given: SubjectQuery | ApplicabilityDecisionIn) -> tuple[Level, int]:
    """Return what is asked about; raises Problem for more than one thing."""
    named = {Level.PROJECT: given.project, Level.MODEL: given.model, Level.VERSION: given.version}
    found = [(level, key) for level, key in named.items() if key is not None]
    if len(found) > 1:
        raise Problem(Why.INVALID, _("Name one thing at most: a project, a model or a version."))
    return found[0] if found else (Level.ORGANISATION, 0)


def _library(code: str) -> Library:
    library = newest_libraries([code]).get(code)
    if library is None:
        raise Http404
    return library


def _told(user: User, code: str, level: Level, key: int, now: datetime) -> ApplicabilityOut:
    library, subject = _library(code), subject_to_view(user, level, key, now)
    verdict = verdict_of(user, library, subject, now)
    reads_reasons = subject.level is not Level.ORGANISATION or reads_all(user)
    about = verdict.holder
    return ApplicabilityOut(
        **_verdict(verdict), subject=_subject(subject), ruled=ruled(verdict) if verdict.decision else [],
        decided_about=_subject(about) if about else None,
        decisions=[_decision(row, reads_reasons) for row in decisions_about(code, subject)],
        why_not_decide=why_not_manage(user), address=f"{settings.BASE_URL}{address_of(code, level, key)}",
    )  # fmt: skip


def _row(row: Row) -> SubjectRowOut:
    told = [each for each in row.verdicts if each.outcome is not Outcome.ELSEWHERE]
    return SubjectRowOut(
        **_subject(row.subject).model_dump(), given_up=row.is_given_up,
        verdicts=[VerdictOut(**_verdict(each)) for each in told],
    )  # fmt: skip


def _subject(subject: Subject) -> SubjectOut:
    return SubjectOut(
        level=subject.level, id=subject.id, name=str(subject),
        project=subject.project.pk if subject.project else None,
    )  # fmt: skip


def _verdict(verdict: Verdict) -> dict[str, Any]:
    decision, library = verdict.decision, verdict.library
    return {
        "library": library.code, "framework": library.framework, "outcome": verdict.outcome, "why": why(verdict),
        "decided_by": person_out(decision.made_by) if decision else None,
        "decided_until": decision.until if decision else None,
        "assessment": verdict.runs.latest if verdict.runs else None,
    }  # fmt: skip


def _decision(row: ApplicabilityOverride, reads_reasons: bool) -> ApplicabilityDecisionOut:
    return ApplicabilityDecisionOut(
        id=row.pk, applies=row.applies, reason=row.reason if reads_reasons else None, until=row.until,
        made_by=person_out(row.made_by), made_at=row.made_at,
        ended_by=person_out(row.ended_by) if row.ended_by else None, ended_at=row.ended_at,
    )  # fmt: skip
