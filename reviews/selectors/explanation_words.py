"""How a date came about, in sentences: for the page beside it, for a mail, for the record."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import groupby
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from reminders.countries import country_name
from reminders.rules.working_days import name_of_subdivision
from reminders.wording import moment, weekday
from reviews.rules.clocks import Term, Unit
from reviews.rules.explaining import Counted, DateKind, Explanation, Move, TermSource, Why
from reviews.rules.working_calendar import DayTold, Told

STARTS: dict[DateKind, StrOrPromise] = {
    DateKind.COMPLETENESS: gettext_lazy("It runs from {moment}, when the dossier was submitted."),
    DateKind.ROUTING: gettext_lazy("It runs from {moment}, when the dossier was found complete."),
    DateKind.REVIEW: gettext_lazy("It runs from {moment}, when the board was given the request."),
    DateKind.QUESTION: gettext_lazy("It runs from {moment}, when the question was asked."),
    DateKind.BALLOT: gettext_lazy("It runs from {moment}, when the ballot was opened."),
    DateKind.VERIFICATION: gettext_lazy("It runs from {moment}, when the owner reported."),
    DateKind.SIGNATURE: gettext_lazy("It runs from {moment}, when the decision came to be signed."),
    DateKind.RATIFICATION: gettext_lazy("It runs from {moment}, when the approval was suspended."),
    DateKind.APPEAL: gettext_lazy("It runs from {moment}, when the appeal was filed."),
    DateKind.APPEAL_UNTIL: gettext_lazy("It runs from {moment}, the day of the decision."),
    DateKind.EXPIRY: gettext_lazy("It runs from {moment}, the day of the decision."),
    DateKind.CONTINUING: gettext_lazy(
        "It runs from {moment}, when the approval began or was last looked at again."
    ),
    DateKind.PROVISIONAL: gettext_lazy("It runs from {moment}, when the provisional approval began."),
    DateKind.DECLARATION: gettext_lazy(
        "It runs from {moment}, when interests were last declared, or the seat was taken."
    ),
    DateKind.MEETING_ANSWER: gettext_lazy("It runs from {moment}, when the invitation went out."),
    DateKind.MINUTES: gettext_lazy("It runs from {moment}, when the meeting was over."),
    DateKind.INCIDENT: gettext_lazy("It runs from {moment}, when somebody became aware of it."),
}
CHOSEN: dict[DateKind, StrOrPromise] = {
    DateKind.CONDITION: gettext_lazy("It stands in the motion that the board passed."),
    DateKind.BALLOT: gettext_lazy("It was chosen when the ballot was opened."),
    DateKind.EXPIRY: gettext_lazy("It was set with the decision."),
    DateKind.MEETING_ANSWER: gettext_lazy("Answers are asked for until the meeting begins."),
    DateKind.MEETING_CALL: gettext_lazy(
        "The invitation goes out so many days before the meeting as its series, or the setting of the house, says; "
        "from a day off it is the working day before."
    ),
}
BEFORE_ANOTHER: dict[str, StrOrPromise] = {
    "provisional": gettext_lazy(
        "The full review is over before the provisional approval ends, so the term was cut short."
    ),
    "matter_suspension": gettext_lazy(
        "The board took it up for a suspension: it ends when that has to be ratified."
    ),
    "matter_continuing": gettext_lazy(
        "The board took it up for a continuing review: it ends on the day of that."
    ),
    "earlier_end": gettext_lazy(
        "Another date comes first: of the blocking position, the suspension or the decision itself."
    ),
}
SETTINGS: dict[str, StrOrPromise] = {
    "validity_months": gettext_lazy("months for which an approval holds"),
    "appeal_days": gettext_lazy("days within which it can be appealed"),
    "declaration_months": gettext_lazy("months for which a disclosure of interests counts"),
    "continuing_months": gettext_lazy("months until an approval is looked at again"),
}
SURE: dict[str, StrOrPromise] = {
    "S": gettext_lazy("The figure is a second-hand account, so it is a setting and no quotation of law."),
    "M": gettext_lazy("The figure is from memory, so it is a setting and no quotation of law."),
    "P": gettext_lazy("The figure is our own default."),
}
NO_COUNT: dict[Told, StrOrPromise] = {
    Told.CLOSING: gettext_lazy("closed"),
    Told.HOLIDAY: gettext_lazy("public holiday"),
    Told.WEEKEND: gettext_lazy("weekend"),
    Told.MAKE_UP: gettext_lazy("worked in exchange for a holiday"),
    Told.OPENED: gettext_lazy("the house works"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """The explanation of a date in words: one sentence after the other, and the days in lines of their own."""

    lines: tuple[str, ...]
    days: tuple[str, ...]
    differs: str = ""


def in_words(found: Explanation, board: str = "") -> "Words":
    """Return the explanation in the language and the time zone that are active; `board`: whose policy it is."""
    lines = [*_start(found), *_term(found, board), *_pauses(found), *map(_move, found.moves), _result(found)]
    days = days_in_words(found.counted) if found.counted is not None else []
    return Words(tuple(lines), tuple(days), _differs(found))


def as_text(found: Explanation, board: str = "") -> str:
    """Return the explanation as one paragraph, for mails and records."""
    told = in_words(found, board)
    days = [_("Days: {days}.").format(days="; ".join(told.days))] if told.days else []
    return " ".join([*told.lines[:2], *days, *told.lines[2:], *([told.differs] if told.differs else [])])


def term_in_words(term: Term) -> str:
    """Return how long a term is: "20 working days"."""
    words: dict[Unit, Callable[[], str]] = {
        Unit.HOURS: lambda: ngettext(
            "{count} hour, day and night", "{count} hours, day and night", term.count
        ),
        Unit.DAYS: lambda: ngettext(
            "{count} day, ending on a working day", "{count} days, ending on a working day", term.count
        ),
        Unit.WORKING_DAYS: lambda: ngettext("{count} working day", "{count} working days", term.count),
    }
    return words[term.unit]().format(count=term.count)


def length_in_words(length: timedelta) -> str:
    """Return a length in days and hours, or in minutes when it is shorter than an hour."""
    hours, days = int(length.total_seconds()) // 3600, length.days
    if hours < 1:
        minutes = max(1, int(length.total_seconds()) // 60)
        return ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes)
    if days < 1:
        return ngettext("{count} hour", "{count} hours", hours).format(count=hours)
    told = ngettext("{count} day", "{count} days", days).format(count=days)
    rest = hours - 24 * days
    if not rest:
        return told
    more = ngettext("{count} hour", "{count} hours", rest).format(count=rest)
    return _("{days} and {hours}").format(days=told, hours=more)


def _start(found: Explanation) -> Iterator[str]:
    if found.counted is not None or found.source.path in SETTINGS:
        yield str(STARTS[found.kind]).format(moment=moment(found.start))
        return
    if found.source.path in BEFORE_ANOTHER:
        yield str(BEFORE_ANOTHER[found.source.path])
    elif found.by:
        yield _("{person} chose this date on {moment}.").format(person=found.by, moment=moment(found.start))
    else:
        yield str(CHOSEN.get(found.kind, _("Nothing was kept on how this date was set.")))


def _term(found: Explanation, board: str) -> Iterator[str]:
    if found.counted is None:
        if found.source.path in SETTINGS:
            yield _("{what}: {number}.").format(what=SETTINGS[found.source.path], number=found.source.number)
            yield from _source(found.source, board)
        return
    yield _("The term is {term}.").format(term=term_in_words(found.counted.term))
    yield from _source(found.source, board)
    if found.country and found.counted.term.unit != Unit.HOURS:
        place = country_name(found.country)
        if found.subdivision:
            part = name_of_subdivision(found.country, found.subdivision)
            place = _("{country}, {part}").format(country=place, part=part)
        yield _("Days off are those of {place}, as {edition} knows them.").format(
            place=place, edition=found.edition
        )
        if not found.announced:
            yield _(
                "The days off of that year have not been announced: they were computed, and days worked in exchange "
                "aren't known yet."
            )


def _source(source: TermSource, board: str) -> Iterator[str]:
    if source.version and board:
        yield _("It is set by the policy of {board}, version {version}.").format(
            board=board, version=source.version
        )
    elif source.version:
        yield _("It is set by the board's policy, version {version}.").format(version=source.version)
    elif source.path:
        yield _("No policy of a board sets it, so the default holds.")
    text = source.text_zh if (get_language() or "").startswith("zh") else source.text_en
    if text:
        yield _("Source: {text}.").format(text=text.rstrip(".。"))
    if source.mark in SURE:
        yield str(SURE[source.mark])


def days_in_words(counted: Counted) -> list[str]:
    """Return the days that didn't count, those in a row together, and those at a weekend that did."""
    found = []
    for _key, run in groupby(_numbered(counted.off), key=lambda pair: pair[0]):
        days = [day for _number, day in run]
        found.append(_("{days}: {why}").format(days=_span(days[0].day, days[-1].day), why=_why(days[0])))
    worked = [_("{day} counted: {why}").format(day=_day(day.day), why=_why(day)) for day in counted.worked]
    return [*found, *worked]


def _numbered(days: Sequence[DayTold]) -> Iterator[tuple[tuple[int, str], DayTold]]:
    """Yield the days with a key that stays the same along a row of days with the same reason."""
    row, last = 0, None
    for day in days:
        if last is None or day.day - last.day != timedelta(days=1) or _why(day) != _why(last):
            row += 1
        last = day
        yield (row, _why(day)), day


def _why(day: DayTold) -> str:
    chinese = (get_language() or "").startswith("zh")
    return day.reason or (day.names_zh if chinese else day.names_en) or str(NO_COUNT[day.told])


def _day(day: date) -> str:
    return date_format(day, pgettext("pattern of a date with year, in Django's letters", "j M Y"))


def _span(first: date, last: date) -> str:
    if first == last:
        return _day(first)
    return _("{first} to {last}").format(first=_day(first), last=_day(last))


def _pauses(found: Explanation) -> Iterator[str]:
    for pause in found.pauses:
        if pause.until is None:
            yield _("The clock stands since {moment}, because questions are open.").format(
                moment=moment(pause.since)
            )
        else:
            yield _("The clock stood from {since} to {until}: {length}.").format(
                since=moment(pause.since),
                until=moment(pause.until),
                length=length_in_words(pause.until - pause.since),
            )
    if found.paused:
        yield _("All pauses together: {length}. The date moves by them, to the end of a working day.").format(
            length=length_in_words(found.paused)
        )


def _move(move: Move) -> str:
    by = move.by or _("The system")
    if move.why == Why.MOVED:
        text = _("{person} moved it on {at} from {old} to {new}.")
    else:
        text = _(
            "{person} had it counted again on {at}, by the calendar of that day: {new} instead of {old}."
        )
    old = moment(move.old) if move.old else "–"
    told = text.format(person=by, at=moment(move.at), old=old, new=moment(move.new))
    return _("{sentence} Reason: {reason}").format(sentence=told, reason=move.reason) if move.reason else told


def _result(found: Explanation) -> str:
    """Return the date in the reader's time zone and, where that is another one, in the board's."""
    zone = ZoneInfo(found.zone)
    running, standing = (
        _("So it is due {moment}."),
        _("If the clock ran again now, it would be due {moment}."),
    )
    text = standing if found.stands else running
    told = text.format(moment=moment(found.due))
    if _offset(found.due, zone) == _offset(found.due, timezone.get_current_timezone()):
        return told
    there = _in_zone(found.due, zone)
    return _("{sentence} That is {moment} where the board counts ({zone}).").format(
        sentence=told, moment=there, zone=found.zone.replace("_", " ")
    )


def _offset(value: datetime, zone: tzinfo) -> timedelta | None:
    return value.astimezone(zone).utcoffset()


def _in_zone(value: datetime, zone: ZoneInfo) -> str:
    time = date_format(timezone.localtime(value, zone), "H:i")
    return _("{day}, {time}").format(day=weekday(value, zone), time=time)


def _differs(found: Explanation) -> str:
    if found.would_be is None:
        return ""
    return _(
        "By the calendar of today it would be {moment}. It stays as it is until somebody has it counted again."
    ).format(moment=moment(found.would_be))
