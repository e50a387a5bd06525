"""Reports of incidents: raised by anybody who sees the model, told on, classified, and closed.

Their clocks run from awareness (EU AI Act, Article 73). Each classification keeps the clock that followed from it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.files import File
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.file_names import harmless
from audit.files import Kept
from audit.handing_in import take_in
from audit.refusal import IllegalTransition, Refused
from compliance import gates
from reviews.models import IncidentClass, IncidentEntry, IncidentFile, IncidentReport, ReviewRequest
from reviews.permissions import incidents as permissions
from reviews.permissions.reasons import require
from reviews.rules.clocks import Term, Unit
from reviews.rules.explaining import DateKind, SourcedTerm, TermSource
from reviews.rules.incidents import (
    DAYS,
    SHORTEST,
    IncidentEvent,
    IncidentKind,
    IncidentState,
    NoSuchTransition,
    NotClassified,
    due_of,
    next_state,
    why_not_classify,
)
from reviews.rules.lifecycle import IN_FORCE, RequestState
from reviews.services.after_letters import confirm_incident
from reviews.services.incident_notices import tell_of_class, tell_of_incident
from reviews.services.reckoning import keep, reckon

ARTICLE_73 = ("EU AI Act, Article 73", "《欧盟人工智能法案》第73条")
ABOUT_WHICH = (*IN_FORCE, RequestState.SUSPENDED, RequestState.EXPIRED, RequestState.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody tells about an incident: what happened, whom it harmed, what was done about it."""

    text: str
    harm: str = ""
    measures: str = ""


def raise_incident(
    *,
    actor: User,
    told: Told,
    happened_at: datetime,
    aware_at: datetime,
    now: datetime,
    version_id: int | None = None,
    project_id: int | None = None,
    files: "Sequence[File[bytes]]" = (),
) -> IncidentReport:
    """Report what went wrong with a version, or with a project as a whole. `aware_at`: since when one knew of it.

    Legal staff, the safety lead and the boards are told; until it has a class the shortest clock runs. Raises Http404
    for what the person doesn't see, Refused with what is missing. The bytes of files are on the disk before anything
    is written.
    """
    require(permissions.why_not_raise(actor))
    if version_id is not None:
        version = permissions.version_to_report_on(actor, version_id, now)
        project, about = version.model.project, version
    elif project_id is not None:
        project, about = permissions.project_to_report_on(actor, project_id, now), None
    else:
        raise Refused(_("Choose the project or version to which it happened."))
    if not happened_at <= aware_at <= now:
        raise Refused(_("Awareness lies between what happened and now."))
    kept = [(harmless(file.name or ""), take_in(file, obj=project, actor=actor, now=now)) for file in files]
    with transaction.atomic():
        incident = gates.write_incident(
            actor=actor, project_id=project.pk, version_id=about.pk if about else None, text=told.text,
            happened_at=happened_at, now=now,
        )  # fmt: skip
        report = IncidentReport.objects.create(
            incident=incident, project=project, request=_request_of(version_id), reporter=actor, raised_at=now,
            state=IncidentState.RAISED, state_since=now, aware_at=aware_at, due_at=aware_at + timedelta(days=SHORTEST),
        )  # fmt: skip
        rows = _enter(report, told, kept, actor, now)
        _keep_clock(report, actor, now)
        trail.record(
            "incident.raised", obj=report, actor=actor, now=now, reason=incident.text, also=[incident, *rows],
            data={"incident": report.reference, "version": version_id, "files": [file.sha256 for _n, file in kept]},
        )  # fmt: skip
        gates.open_for_incident(incident, now)
        tell_of_incident(report, now)
        confirm_incident(report, now)
    return report


def _request_of(version_id: int | None) -> ReviewRequest | None:
    """Return the request by which the version is, or was, approved."""
    if version_id is None:
        return None
    rows = ReviewRequest.objects.filter(version=version_id, state__in=ABOUT_WHICH)
    in_force = rows.filter(state__in=[*IN_FORCE, RequestState.SUSPENDED]).order_by("-id").first()
    return in_force or rows.order_by("-id").first()


def _enter(
    report: IncidentReport, told: Told, kept: Sequence[tuple[str, Kept]], actor: User, now: datetime
) -> list[IncidentEntry | IncidentFile]:
    entry = IncidentEntry.objects.create(
        report=report, number=report.entries.count() + 1, text=told.text.strip(), harm=told.harm.strip(),
        measures=told.measures.strip(), made_by=actor, made_at=now,
    )  # fmt: skip
    files = [IncidentFile(entry=entry, name=name, sha256=file.sha256, size=file.size) for name, file in kept]
    return [entry, *IncidentFile.objects.bulk_create(files)]


def tell_more(
    *, actor: User, number: int, told: Told, now: datetime, files: "Sequence[File[bytes]]" = ()
) -> IncidentReport:
    """Tell more about an incident, with evidence; what was told before stays."""
    report = permissions.incident_to_read(actor, number, now)
    require(permissions.why_not_tell(actor, report))
    if not (told.text.strip() or told.harm.strip() or told.measures.strip()):
        raise Refused(_("Tell what happened, whom it harmed, or what was done about it."))
    kept = [(harmless(file.name or ""), take_in(file, obj=report, actor=actor, now=now)) for file in files]
    with transaction.atomic():
        report = incident_to_change(actor, number, now)
        require(permissions.why_not_tell(actor, report))
        rows = _enter(report, told, kept, actor, now)
        trail.record(
            "incident.told_more", obj=report, actor=actor, now=now, also=rows,
            data={"incident": report.reference, "files": [file.sha256 for _name, file in kept]},
        )  # fmt: skip
    return report


@transaction.atomic
def classify_incident(
    *,
    actor: User,
    number: int,
    kind: str,
    reason: str,
    now: datetime,
    aware_at: datetime | None = None,
) -> IncidentClass:
    """Give the incident a class with a reason, as legal staff or safety lead; upward or downward later, too.

    `aware_at` corrects since when the organisation knew of it. Each classification keeps its clock.
    """
    report = incident_to_change(actor, number, now)
    require(permissions.why_not_classify(actor, report))
    if not reason.strip():
        raise Refused(_("Say why it is of this class; the reason stays with its clock."))
    aware, wanted = aware_at or report.aware_at, IncidentKind(kind)
    refuse_class(
        why_not_classify(
            kind=wanted, aware_at=aware, before=(report.kind, report.aware_at),
            happened_at=report.incident.happened_at, raised_at=report.raised_at,
        )
    )  # fmt: skip
    given = IncidentClass.objects.create(
        report=report, number=report.classes.count() + 1, kind=wanted.value, reason=reason.strip(), aware_at=aware,
        due_at=due_of(aware, wanted), made_by=actor, made_at=now,
    )  # fmt: skip
    before = report.kind
    report.kind, report.aware_at, report.due_at = given.kind, aware, given.due_at
    move(report, IncidentEvent.CLASSIFY, now)
    _keep_clock(report, actor, now)
    trail.record(
        "incident.classified", obj=report, actor=actor, now=now, reason=given.reason, also=[given],
        data={"incident": report.reference, "class": {"old": before, "new": given.kind}},
    )  # fmt: skip
    tell_of_class(report, actor, now)
    return given


def refuse_class(why: NotClassified | None) -> None:
    """Raise Refused with the words for why a class can't be given."""
    if why is not None:
        raise Refused(
            {
                NotClassified.SAME: _("It has this class and this moment of awareness already."),
                NotClassified.AWARE_AHEAD: _("Awareness lies before the incident was reported here."),
                NotClassified.AWARE_BEFORE_IT_HAPPENED: _("Nobody knows of an incident before it happens."),
            }[why]
        )


def _keep_clock(report: IncidentReport, actor: User, now: datetime) -> None:
    """Keep how the clock came about, for its explanation; nothing where none runs."""
    days = DAYS[IncidentKind(report.kind)] if report.kind else SHORTEST
    if days is None:
        return
    source = TermSource(mark="V" if report.kind else "P", text_en=ARTICLE_73[0], text_zh=ARTICLE_73[1])
    term = SourcedTerm(Term(days * 24, Unit.HOURS), source)
    reckoned = reckon(DateKind.INCIDENT, None, report.aware_at, sourced=term)
    keep(report, reckoned, now=now, request=report.request, actor=actor)


@transaction.atomic
def close_incident(*, actor: User, number: int, closing: str, now: datetime) -> IncidentReport:
    """Close the report with what came of it."""
    report = incident_to_change(actor, number, now)
    require(permissions.why_not_close(actor, report))
    if not closing.strip():
        raise Refused(_("Say what came of it."))
    report.closing, report.closed_at = closing.strip(), now
    move(report, IncidentEvent.CLOSE, now)
    data = {"incident": report.reference}
    trail.record("incident.closed", obj=report, actor=actor, now=now, reason=report.closing, data=data)
    return report


@transaction.atomic
def reopen_incident(*, actor: User, number: int, reason: str, now: datetime) -> IncidentReport:
    """Take a closed report up again, with a reason; what was filed stays."""
    report = incident_to_change(actor, number, now)
    require(permissions.why_not_reopen(actor, report))
    if not reason.strip():
        raise Refused(_("Say why it is taken up again."))
    report.closing, report.closed_at = "", None
    move(report, IncidentEvent.REOPEN, now)
    data = {"incident": report.reference}
    trail.record("incident.reopened", obj=report, actor=actor, now=now, reason=reason.strip(), data=data)
    return report


def move(report: IncidentReport, event: IncidentEvent, now: datetime) -> None:
    """Move the locked report along its table and save it; raises IllegalTransition."""
    try:
        report.state = next_state(IncidentState(report.state), event)
    except NoSuchTransition:
        raise IllegalTransition(
            _("This isn't possible any more: the report has moved on. Load the page again.")
        ) from None
    report.state_since = now
    report.save()


def incident_to_change(actor: User, number: int, now: datetime) -> IncidentReport:
    """Return the report with its row locked, or raise Http404."""
    rows = permissions.visible_incidents(actor, now).filter(incident=number)
    found = rows.select_related("incident", "project", "request").select_for_update(of=("self",)).first()
    if found is None:
        raise Http404
    return found
