"""Minutes on their way: circulated as a version, taken back to be corrected, approved by another, frozen and sealed."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.models import User
from audit import trail
from audit.refusal import IllegalTransition, Refused
from records import issue
from records.canonical import canonical, digest
from records.context import instant
from reminders.notices import notify
from reminders.timing import words_of
from reviews.models import AgendaItem, Attendance, Meeting, Minutes, MinutesVersion
from reviews.permissions.meetings import why_not_approve_minutes, why_not_lead
from reviews.permissions.reasons import WrongState, require
from reviews.rules import minutes as life
from reviews.rules.attendance import SEATED
from reviews.rules.machine import NoSuchTransition
from reviews.rules.meeting_lifecycle import MeetingState
from reviews.rules.minutes import MinutesEvent, MinutesState
from reviews.selectors.meetings.words import PARTS, name_of, short_name_of
from reviews.selectors.record.minutes import language_of_minutes, minutes_content, reference_of
from reviews.services.meetings.locking import Held, hold_meeting, minutes_of


@transaction.atomic
def circulate_minutes(*, actor: User, meeting_id: int, now: datetime, why: str = "") -> MinutesVersion:
    """Send the draft to the board as a version: facts as they stand, with the texts. `why`: what changed since."""
    held, minutes = _held(actor, meeting_id, now)
    if held.meeting.state != MeetingState.CLOSED:
        raise Refused(_("Close the meeting first; its minutes are circulated afterwards."))
    if minutes.version and not why.strip():
        raise Refused(_("Say what changed since the version before."))
    _move(minutes, MinutesEvent.CIRCULATE)
    language = language_of_minutes(held.meeting)
    minutes.writer = actor
    with override(language):
        content = minutes_content(minutes, language)
    minutes.version += 1
    minutes.circulated_at = now
    minutes.save()
    version = MinutesVersion.objects.create(
        minutes=minutes, number=minutes.version, content=content, sha256=digest(canonical(content)), why=why.strip(),
        made_at=now, made_by=actor,
    )  # fmt: skip
    trail.record(
        "minutes.circulated", obj=minutes, actor=actor, now=now, reason=version.why, also=[version],
        data={"version": version.number, "sha256": version.sha256},
    )  # fmt: skip
    _tell_board(held.meeting, version, actor, now)
    return version


def _held(actor: User, meeting_id: int, now: datetime) -> tuple[Held, Minutes]:
    held = hold_meeting(actor, meeting_id, now)
    require(why_not_lead(held.standing))
    return held, minutes_of(held.meeting)


def _move(minutes: Minutes, event: MinutesEvent) -> None:
    """Move the minutes along their table; raises IllegalTransition."""
    try:
        minutes.state = life.next_state(MinutesState(minutes.state), event)
    except NoSuchTransition:
        raise IllegalTransition(
            _("This isn't possible any more: the minutes have moved on. Load the page again.")
        ) from None


def _tell_board(meeting: Meeting, version: MinutesVersion, actor: User, now: datetime) -> None:
    """Tell everybody with a seat that there are minutes to read; what they may not read isn't in the message."""
    rows = Attendance.objects.filter(meeting=meeting, part__in=SEATED, ended_at__isnull=True).exclude(
        person=actor
    )
    for row in rows.select_related("person"):
        if row.person is None:
            continue
        with words_of(row.person.language, row.person.time_zone):
            name = name_of(meeting)
        notify(
            person=row.person, kind="meeting.minutes", obj=meeting, now=now, once=f"version {version.number}",
            subject=format_lazy(gettext_lazy("Draft of the minutes: {meeting}"), meeting=name),
            body=gettext_lazy("Read what was written down, and say so when something isn't right."),
            url=reverse("reviews:minutes", args=[meeting.pk]),
        )  # fmt: skip


@transaction.atomic
def correct_minutes(*, actor: User, meeting_id: int, reason: str, now: datetime) -> Minutes:
    """Take circulated minutes back to correct them; the version that was circulated is kept."""
    _held_meeting, minutes = _held(actor, meeting_id, now)
    if not reason.strip():
        raise Refused(_("Say what isn't right about them."))
    _move(minutes, MinutesEvent.CORRECT)
    minutes.save(update_fields=["state"])
    trail.record(
        "minutes.taken_back",
        obj=minutes,
        actor=actor,
        now=now,
        reason=reason,
        data={"version": minutes.version},
    )
    return minutes


@transaction.atomic
def approve_minutes(
    *, actor: User, meeting_id: int, sha256: str, now: datetime, item_id: int | None = None
) -> Minutes:
    """Approve the version that was circulated last: as the chair, or for the meeting that deals with it at an item.

    `sha256` is the digest of the version that the person read; another one is refused. Never by who wrote them. They
    are frozen and sealed as a record, to the letter as they were circulated.
    """
    item = _item_of(item_id, meeting_id)
    held = hold_meeting(actor, meeting_id, now)
    minutes = minutes_of(held.meeting)
    require(why_not_approve_minutes(held.standing, minutes, in_meeting=item is not None))
    version = minutes.versions.order_by("-number").first()
    if version is None or version.sha256 != sha256:
        raise Refused(_("Another version was circulated in the meantime. Read it, then approve it."))
    _move(minutes, MinutesEvent.APPROVE)
    minutes.approved_at, minutes.approved_by = now, actor
    minutes.approved_in = item.meeting if item else None
    language = language_of_minutes(held.meeting)
    with override(language):
        approval = _approval(actor, held, item, now)
    record = issue.freeze(
        kind="minutes", obj=held.meeting, reference=reference_of(held.meeting), language=language,
        context={**version.content, "approval": approval}, actor=actor, now=now,
    )  # fmt: skip
    minutes.record = record
    minutes.save()
    trail.record(
        "minutes.approved", obj=minutes, actor=actor, now=now,
        data={"version": version.number, "sha256": version.sha256, "record_sha256": record.context_sha256,
              "in_meeting": item.meeting_id if item else None},
    )  # fmt: skip
    issue.seal(record=record, actor=None, now=now)
    return minutes


def _item_of(item_id: int | None, meeting_id: int) -> AgendaItem | None:
    """Return the item at which a later meeting that runs deals with these minutes; raises Refused for another one."""
    if item_id is None:
        return None
    rows = AgendaItem.objects.select_related("meeting__board").filter(pk=item_id, approves=meeting_id)
    item = rows.first()
    if item is None or item.meeting.state != MeetingState.RUNNING or item.opened_at is None:
        require(WrongState(_("A meeting approves minutes while it deals with them.")))
    return item


def _approval(actor: User, held: Held, item: AgendaItem | None, now: datetime) -> dict[str, Any]:
    return {
        "by": actor.display_name,
        "role": str(PARTS["chair"] if held.standing.is_chair else PARTS["secretary"]),
        "at": instant(now),
        "how": "in_meeting" if item else "by_chair",
        "note": short_name_of(item.meeting) if item else "",
    }
