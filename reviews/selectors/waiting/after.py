"""What waits after an approval: conditions that stay overdue, continuing reviews, reports of incidents."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from reminders.waiting import Waiting
from reviews.models import IncidentReport
from reviews.permissions.incidents import HANDLES
from reviews.rules.explaining import DateKind
from reviews.rules.incidents import IncidentState
from reviews.selectors.addresses import condition_address, continuing_address, incident_address
from reviews.selectors.dated import Dated
from reviews.selectors.incident_words import about_of
from reviews.selectors.waiting.rows import Reading
from reviews.selectors.waiting.why import told, why_of
from reviews.selectors.waiting.wording import chair_or_secretary, title_of


def conditions_overdue(reading: Reading) -> Iterator[Waiting]:
    """Yield chair and secretaries of the board that set it, once a condition is overdue for as long as its policy."""
    for row in reading.overdue:
        request = row.decision.request
        for person in reading.office.leaders_of(row.review.board_id, reading.parties_of(request)):
            if reading.asks(person):
                yield Waiting(
                    person_id=person,
                    object_type="reviews.condition",
                    object_id=str(row.pk),
                    since=row.escalate_at or row.due_at,
                    due=row.due_at,
                    title=title_of(request),
                    needs=_(
                        "Condition C{number} is overdue; {owner} owns it. Move its date, or let the board act."
                    ).format(number=row.number, owner=row.owner.display_name),
                    act=_("See C{number}").format(number=row.number),
                    url=condition_address(request.reference, row.number),
                    holds_up=_("It blocks the release.") if row.blocks_release else "",
                    root=str(request.pk),
                    short=_("overdue condition C{number}").format(number=row.number),
                    one_of=chair_or_secretary(),
                    **why_of(DateKind.CONDITION, request, row.pk, reading.now),
                )


def reports_due(reading: Reading) -> Iterator[Waiting]:
    """Yield the requester and the contributors of whom a continuing review asks a report."""
    for row in reading.continuing:
        request = row.request
        if row.state != "asked":
            continue
        parts = {part.person_id for part in reading.said("part", request.pk)}
        for person in sorted({request.requester_id, *parts}):
            if reading.asks(person):
                yield Waiting(
                    person_id=person,
                    object_type="reviews.continuingreview",
                    object_id=str(row.pk),
                    since=row.opened_at,
                    due=row.due_at,
                    title=title_of(request),
                    needs=_(
                        "The board looks at the approval again: report what changed and what went wrong."
                    ),
                    act=_("Write the report"),
                    url=continuing_address(request.reference, row.number),
                    root=str(request.pk),
                    short=_("report for the continuing review"),
                    **why_of(DateKind.CONTINUING, request, row.pk, reading.now),
                )


def continuing_due(reading: Reading) -> Iterator[Waiting]:
    """Yield chair and secretaries of the leading board: a report waits for their vote, or the date has passed."""
    for row in reading.continuing:
        request = row.request
        late = reading.now >= row.due_at
        if row.state != "reported" and not late:
            continue
        needs = (
            _("The requester has reported: let the board vote whether the approval goes on.")
            if row.state == "reported"
            else _(
                "The continuing review is overdue, and the requester hasn't reported. Remind them, or suspend."
            )
        )
        for person in reading.office.leaders_of(row.board_id, reading.parties_of(request)):
            if reading.asks(person):
                yield Waiting(
                    person_id=person,
                    object_type="reviews.continuingreview",
                    object_id=str(row.pk),
                    since=row.opened_at,
                    due=row.due_at,
                    title=title_of(request),
                    needs=needs,
                    act=_("See the continuing review"),
                    url=continuing_address(request.reference, row.number),
                    root=str(request.pk),
                    short=_("continuing review"),
                    one_of=chair_or_secretary(),
                    **why_of(DateKind.CONTINUING, request, row.pk, reading.now),
                )


def incidents_to_handle(reading: Reading) -> Iterator[Waiting]:
    """Yield legal staff and safety leads: an incident waits for its class, its first or its complete report."""
    handlers = sorted({person for role in HANDLES for person in reading.office.with_role(role)})
    asked = [person for person in handlers if reading.asks(person)]
    for row in reading.incidents:
        for person in asked:
            yield _incident(row, person, reading.now)


def _incident(row: IncidentReport, person: int, now: datetime) -> Waiting:
    filed = row.filed_at is not None
    if row.state == IncidentState.RAISED:
        needs, act, short = (
            _("Classify the incident; its clock runs."),
            _("Classify it"),
            _("class of an incident"),
        )
    elif filed:
        needs = _("The first report was incomplete: report it completely.")
        act, short = _("Complete the report"), _("complete report of an incident")
    elif row.due_at is not None:
        needs, act = _("Report the incident to the authority in time."), _("Enter the report")
        short = _("report of an incident")
    else:
        needs, act, short = _("Close the report of the incident."), _("Close it"), _("report of an incident")
    return Waiting(
        person_id=person,
        object_type="reviews.incidentreport",
        object_id=str(row.pk),
        since=row.state_since,
        due=None if filed else row.due_at,
        title=f"{row.reference}: {about_of(row)}",
        needs=needs,
        act=act,
        url=incident_address(row.incident_id),
        root=str(row.request_id or ""),
        short=short,
        one_of=_("Legal staff or the safety lead"),
        days_before=(7, 5, 2, 1, 0),
        explain=told(Dated(DateKind.INCIDENT, row, None, None, row.aware_at, row.due_at, row.reference), now),
    )
