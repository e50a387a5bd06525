"""The list of incidents with their clocks, and the page of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_stubs_ext import StrOrPromise

from accounts.models import User
from compliance import gates
from reviews.models import IncidentClass, IncidentEntry, IncidentFiling, IncidentReport
from reviews.permissions import incidents as permissions
from reviews.permissions.releasing import why_not_suspend
from reviews.rules.incidents import DAYS, SHORTEST, Clock, IncidentKind, clock_of
from reviews.selectors.incident_words import INCIDENT_STATES, KIND_LABELS, KIND_SENTENCES, about_of
from reviews.selectors.words import Badge

MOST = 100
WIDTH = 1000
LONGEST = timedelta(days=max(days for days in DAYS.values() if days) + 1)


@dataclass(frozen=True, slots=True)
class Bar:
    """A clock as it is drawn, in thousandths of the longest: until when it runs, what has gone, what is too late."""

    due: int
    gone: int
    late: int
    now: int


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """An incident with its clock in words and as a bar, and the checklists that it opened for the reader."""

    report: IncidentReport
    about: str
    badge: Badge
    kind: StrOrPromise
    clock: Clock | None
    left: str
    bar: Bar | None
    opened: Sequence[object] = ()


@dataclass(frozen=True, slots=True)
class IncidentList:
    """All incidents that the person sees: those whose clock runs first, by their deadline."""

    lines: tuple[IncidentLine, ...]
    running: tuple[IncidentLine, ...]
    late: int
    why_not_raise: str | None


def line_of(
    report: IncidentReport, now: datetime, opened: Sequence[object] = (), *, alone: bool = False
) -> IncidentLine:
    """Return the incident as a line; `alone`: its bar takes the whole width, as no other stands beside it."""
    clock = clock_of(aware_at=report.aware_at, due=report.due_at, filed_at=report.filed_at, now=now)
    return IncidentLine(
        report=report,
        about=about_of(report),
        badge=INCIDENT_STATES[report.state],
        kind=KIND_LABELS[report.kind],
        clock=clock,
        left=left_in_words(clock),
        bar=bar_of(report, clock, now, alone=alone),
        opened=opened,
    )


def bar_of(report: IncidentReport, clock: Clock | None, now: datetime, *, alone: bool) -> Bar | None:
    """Return the clock as a bar; None where none runs."""
    if clock is None:
        return None
    passed = (report.filed_at or now) - report.aware_at
    whole = max(clock.whole, passed) * 16 / 15 if alone else LONGEST
    due, gone = _place(clock.whole, whole), _place(passed, whole)
    return Bar(due=due, gone=min(gone, due), late=max(0, gone - due), now=gone)


def _place(length: timedelta, whole: timedelta) -> int:
    return max(0, min(WIDTH, int(length * WIDTH / whole)))


def left_in_words(clock: Clock | None) -> str:
    """Return how the clock stands: "31 hours left", "5 hours late", "reported in time, with 3 hours left"."""
    if clock is None:
        return _("no report is due")
    if clock.stopped:
        if clock.is_late:
            return _("reported {time} late").format(time=length_in_words(clock.late_by))
        return _("reported in time, with {time} left").format(time=length_in_words(clock.left))
    if clock.is_late:
        return _("{time} late").format(time=length_in_words(clock.late_by))
    return _("{time} left").format(time=length_in_words(clock.left))


def length_in_words(length: timedelta) -> str:
    """Return a length of time: minutes below an hour, hours below three days, then days; rounded down."""
    minutes = int(length / timedelta(minutes=1))
    if minutes < 60:
        return ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes)
    hours = minutes // 60
    if hours < 72:
        return ngettext("{count} hour", "{count} hours", hours).format(count=hours)
    return ngettext("{count} day", "{count} days", hours // 24).format(count=hours // 24)


def incident_list(user: User, now: datetime) -> IncidentList:
    """Return the newest incidents that the person sees; four queries."""
    rows = permissions.visible_incidents(user, now).select_related(
        "incident__version__model", "project", "request", "reporter"
    )
    reports = list(rows[:MOST])
    opened = gates.opened_for(user, [report.incident_id for report in reports], now)
    lines = tuple(line_of(report, now, opened[report.incident_id]) for report in reports)
    running = [
        line for line in lines if line.clock and not line.clock.stopped and line.report.state != "closed"
    ]
    return IncidentList(
        lines=lines,
        running=tuple(sorted(running, key=lambda line: line.clock.due if line.clock else now)),
        late=sum(1 for line in running if line.clock and line.clock.is_late),
        why_not_raise=permissions.why_not_raise(user),
    )


@dataclass(frozen=True, slots=True)
class ClassLine:
    """A classification with the clock that followed from it; `holds`: it is the last one."""

    given: IncidentClass
    kind: StrOrPromise
    term: StrOrPromise
    holds: bool


@dataclass(frozen=True, slots=True)
class IncidentPage:
    """One incident with everything that was told, given and filed, and what the person may do."""

    line: IncidentLine
    term: str
    entries: tuple[IncidentEntry, ...]
    classes: tuple[ClassLine, ...]
    filings: tuple[IncidentFiling, ...]
    why_not_tell: str | None
    why_not_classify: str | None
    why_not_file: str | None
    why_not_close: str | None
    why_not_reopen: str | None
    why_not_suspend: str | None


def incident_page(user: User, number: int, now: datetime) -> IncidentPage:
    """Return the page of the incident of this number, or raise Http404."""
    report = permissions.incident_to_read(user, number, now)
    opened = gates.opened_for(user, [report.incident_id], now)[report.incident_id]
    classes = list(report.classes.select_related("made_by")) if report.kind else []
    return IncidentPage(
        line=line_of(report, now, opened, alone=True),
        term=term_in_words(report),
        entries=tuple(report.entries.select_related("made_by").prefetch_related("files")),
        classes=tuple(
            ClassLine(given, KIND_LABELS[given.kind], KIND_SENTENCES[given.kind], given is classes[-1])
            for given in reversed(classes)
        ),
        filings=tuple(report.filings.select_related("entered_by")) if report.filed_at else (),
        why_not_tell=permissions.why_not_tell(user, report),
        why_not_classify=permissions.why_not_classify(user, report),
        why_not_file=permissions.why_not_file(user, report),
        why_not_close=permissions.why_not_close(user, report),
        why_not_reopen=permissions.why_not_reopen(user, report),
        why_not_suspend=_why_not_suspend(user, report, now),
    )


def term_in_words(report: IncidentReport) -> str:
    """Return why the clock runs until then: the class, the article, and how days are counted."""
    if report.due_at is None:
        return _("It is classified as not serious, so no report to an authority is due.")
    if not report.kind:
        return ngettext(
            "Nobody has classified it yet, so the shortest clock counts: {days} day from awareness.",
            "Nobody has classified it yet, so the shortest clock counts: {days} days from awareness.",
            SHORTEST,
        ).format(days=SHORTEST)
    days = DAYS[IncidentKind(report.kind)] or 0
    return ngettext(
        "{days} day from awareness (EU AI Act, Article 73), counted to the hour; weekends and holidays count.",
        "{days} days from awareness (EU AI Act, Article 73), counted to the hour; weekends and holidays count.",
        days,
    ).format(days=days)


def _why_not_suspend(user: User, report: IncidentReport, now: datetime) -> str | None:
    """Return why the person may not suspend the approval from here."""
    if report.suspension_id is not None:
        return _("The approval was suspended for this incident already.")
    if report.request is None:
        return _("Nothing about this version is approved now, so there is nothing to suspend.")
    decision = report.request.decisions.filter(status="in_force").first()
    if decision is None:
        return _("Nothing about this version is approved now, so there is nothing to suspend.")
    decision.request = report.request
    return why_not_suspend(user, decision, now)
