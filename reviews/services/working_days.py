"""Writing the days on which boards are closed or work, and where a board sits. No running date moves by that."""

from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from reminders.rules.working_days import is_known
from reviews.models import Board, ClosingDay
from reviews.permissions.calendars import why_not_manage_days
from reviews.permissions.reasons import require
from reviews.rules.working_calendar import LONGEST_CLOSING

NO_PAST_BEYOND = 366
"""Days back for which a closing may still be written, for what was forgotten (P)."""


@transaction.atomic
def add_closing(
    *,
    actor: User,
    board_id: int | None,
    day: date,
    until: date,
    reason: str,
    now: datetime,
    works: bool = False,
) -> ClosingDay:
    """Close a board, or every board (`board_id` None), from a day until another, both included; `works` opens it.

    Dates that run already stay as they are, until somebody has them counted again. Raises Refused for a span that ends
    before it begins, is longer than a year, or lies long ago.
    """
    require(why_not_manage_days(actor))
    board = get_object_or_404(Board, pk=board_id) if board_id is not None else None
    if until < day:
        raise Refused(_("The last day lies before the first."))
    if (until - day).days >= LONGEST_CLOSING:
        raise Refused(_("At most a year can be closed at once, or deadlines would never come."))
    if (now.date() - until).days > NO_PAST_BEYOND:
        raise Refused(_("These days are more than a year past. Check the year."))
    if not reason.strip():
        raise Refused(_("Say why: people read it beside their deadlines."))
    closing = ClosingDay.objects.create(
        board=board,
        day=day,
        until=until,
        reason=" ".join(reason.split()),
        works=works,
        made_by=actor,
        made_at=now,
    )
    trail.record(
        "closing_day.written", obj=closing, actor=actor, now=now, reason=closing.reason,
        data={"board": board_id, "from": day.isoformat(), "until": until.isoformat(), "works": works},
    )  # fmt: skip
    return closing


@transaction.atomic
def end_closing(*, actor: User, closing_id: int, now: datetime) -> ClosingDay:
    """Take a closing back; by which days older dates were counted stays known."""
    require(why_not_manage_days(actor))
    closing = get_object_or_404(ClosingDay.objects.select_for_update(of=("self",)), pk=closing_id)
    if closing.ended_at is not None:
        raise Refused(_("These days were taken back already."))
    closing.ended_at, closing.ended_by = now, actor
    closing.save(update_fields=["ended_at", "ended_by"])
    trail.record(
        "closing_day.taken_back", obj=closing, actor=actor, now=now,
        data={"board": closing.board_id, "from": closing.day.isoformat(), "until": closing.until.isoformat()},
    )  # fmt: skip
    return closing


@transaction.atomic
def place_board(
    *, actor: User, board_id: int, country: str, subdivision: str, time_zone: str, reason: str, now: datetime
) -> Board:
    """Say whose holidays a board keeps and in which time zone it counts; running dates stay as they are.

    Raises Refused for a country, state or time zone that isn't known.
    """
    require(why_not_manage_days(actor))
    board = get_object_or_404(Board.objects.select_for_update(), pk=board_id)
    if not is_known(country, subdivision):
        raise Refused(_("The holidays of this country or state aren't known. Choose one from the list."))
    try:
        zone = ZoneInfo(time_zone).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused(_("There is no such time zone.")) from None
    if not reason.strip():
        raise Refused(_("Say why the board counts differently from now on."))
    old = {"country": board.country, "subdivision": board.subdivision, "time_zone": board.time_zone}
    new = {"country": country, "subdivision": subdivision, "time_zone": zone}
    if old == new:
        raise Refused(_("This is where the board sits already."))
    board.country, board.subdivision, board.time_zone = country, subdivision, zone
    board.save(update_fields=list(new))
    trail.record(
        "board.placed", obj=board, actor=actor, now=now, reason=reason.strip(),
        data={name: {"old": old[name], "new": new[name]} for name in new if old[name] != new[name]},
    )  # fmt: skip
    return board
