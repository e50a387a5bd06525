"""Moving a date with a reason: who it concerns is told, and the old date stays in the history."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction
from django.http import Http404
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from reminders.notices import notify
from reminders.wording import moment
from reviews.models import Ballot, BallotSeat, BoardReview, Condition, Contributor, Question, Seat
from reviews.permissions.deadlines import Dated, review_of, why_not_move_date
from reviews.permissions.reasons import require
from reviews.permissions.sight import request_to_change
from reviews.permissions.standing import standing_of
from reviews.rules.ballot import MotionKind
from reviews.rules.deadlines import DeadlineKind, NotMovable, why_not_move_to, why_not_on
from reviews.rules.explaining import DateKind, Why
from reviews.rules.recusal import conflicts_of
from reviews.selectors.addresses import ballot_address, request_address
from reviews.selectors.calendar import end_of_day
from reviews.selectors.deadlines import due_of, label_of, rows_of
from reviews.selectors.waiting.wording import title_of
from reviews.services.condition_dates import move_condition
from reviews.services.reckoning import keep_chosen

_moment = lazy(moment, str)
_label = lazy(label_of, str)


@transaction.atomic
def move_date(
    *,
    actor: User,
    request_id: int,
    kind: str,
    key: int,
    day: date,
    at: time | None,
    reason: str,
    now: datetime,
) -> Dated:
    """Move the date of a review, a question, a ballot or a condition to a day, where the board sits.

    `at`: until which hour there; without one the board's day of work ends it (17:00). A condition is due with the end
    of its day. Raises Http404, and Refused when the new date isn't possible.
    """
    request = request_to_change(actor, request_id, now)
    thing: Dated | None = rows_of(DeadlineKind(kind), request).filter(pk=key).first()
    if thing is None:
        raise Http404
    review_of(thing).request = request
    require(why_not_move_date(actor, thing, now))
    _refuse(why_not_on(day, now.date()))
    old, new = due_of(thing), moment_of(thing, day, at)
    _check(thing, DeadlineKind(kind), old, new, now)
    if not reason.strip():
        raise Refused(_("Say why the date is moved."))
    _write(thing, day, new)
    keep_chosen(
        thing, DateKind(kind), review_of(thing).board, new, now=now, request=request, actor=actor, why=Why.MOVED,
        was=old, reason=reason.strip(),
    )  # fmt: skip
    trail.record(
        "deadline.moved", obj=thing, actor=actor, now=now, reason=reason.strip(),
        data={"what": kind, "due": {"old": _plain(old), "new": _plain(new)}, **_number(thing)},
    )  # fmt: skip
    _tell(actor, thing, old, new, reason.strip(), now)
    return thing


def moment_of(thing: Dated, day: date, at: time | None) -> datetime:
    """Return the new moment: of the day where the board sits."""
    board = review_of(thing).board
    if isinstance(thing, Condition):
        return end_of_day(day, board).astimezone(UTC)
    return datetime.combine(day, at or time(17), ZoneInfo(board.time_zone)).astimezone(UTC)


def _check(thing: Dated, kind: DeadlineKind, old: datetime, new: datetime, now: datetime) -> None:
    held = None
    if isinstance(thing, Ballot) and thing.kind == MotionKind.OVERRIDE:
        rows = Ballot.objects.filter(review=thing.review, state="held")
        held = rows.values_list("deadline", flat=True).first()
    _refuse(why_not_move_to(kind, old, new, now=now, at_most=held))
    about = thing.motion.suspension if isinstance(thing, Ballot) else None
    if about is not None and about.ratified_at is None and new > about.ratify_by:
        raise Refused(_("A ballot about a suspension ends before the time to ratify it does."))


def _refuse(reason: NotMovable | None) -> None:
    if reason is not None:
        raise Refused(
            {
                NotMovable.NOT_AHEAD: _("The new date has to lie ahead."),
                NotMovable.TOO_FAR: _("The new date lies more than five years ahead."),
                NotMovable.SAME: _("This is the date that it has already."),
                NotMovable.ONLY_LATER: _(
                    "A ballot only gets longer: people count on the days that they were given."
                ),
                NotMovable.BEYOND_THE_HELD_BALLOT: _(
                    "A ballot to override ends with the ballot that the blocking position holds."
                ),
            }[reason]
        )


def _write(thing: Dated, day: date, new: datetime) -> None:
    match thing:
        case Ballot():
            thing.deadline = new
            thing.save(update_fields=["deadline"])
        case Condition():
            move_condition(thing, day, new)
        case _:
            thing.due_at = new
            thing.save(update_fields=["due_at"])


def _plain(value: datetime) -> str:
    """Return the moment as the history keeps it, whoever reads it."""
    return f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _number(thing: Dated) -> dict[str, int]:
    return {"board": thing.board_id} if isinstance(thing, BoardReview) else {"number": thing.number}


def _tell(actor: User, thing: Dated, old: datetime, new: datetime, reason: str, now: datetime) -> None:
    """Tell whom it concerns, except who moved it, in their own words and time zones."""
    request = review_of(thing).request
    url = request_address(request.reference)
    if isinstance(thing, Ballot):
        url = ballot_address(request.reference, thing.number)
    for person in User.objects.filter(pk__in=set(_concerned(actor, thing, now)) - {actor.pk}, is_active=True):
        notify(
            person=person, kind="deadline.moved", obj=thing,
            subject=format_lazy(gettext_lazy("New date: {request}"), request=title_of(request)),
            body=format_lazy(
                gettext_lazy("{what}: due {new}, no longer {old}. {person} moved it: {reason}"),
                what=_label(thing), new=_moment(new), old=_moment(old), person=actor.display_name, reason=reason,
            ),
            url=url, now=now,
        )  # fmt: skip


def _concerned(actor: User, thing: Dated, now: datetime) -> Iterable[int]:
    """Return who has to know: who is to do it, and for a review who asked for it."""
    request = review_of(thing).request
    asking = [
        request.requester_id,
        *Contributor.objects.filter(request=request).values_list("person_id", flat=True),
    ]
    match thing:
        case Question():
            return asking
        case Ballot():
            return [seat.person_id for seat in BallotSeat.objects.filter(ballot=thing) if seat.is_eligible]
        case Condition():
            return [thing.owner_id, thing.verifier_id, request.requester_id]
    parties = standing_of(actor, request, now).parties
    seats = Seat.objects.filter(board=thing.board, until__isnull=True).values_list("person_id", flat=True)
    return [*asking, *(person for person in seats if not conflicts_of(person, parties))]
