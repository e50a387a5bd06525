"""What reminders and mails say, in the language and time zone that are active; plain text, well set."""

from collections.abc import Sequence
from datetime import datetime, tzinfo

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from reminders.rules.clocks import days_late
from reminders.rules.escalation import Office
from reminders.waiting import Waiting


def one_line(text: str) -> str:
    """Return the text without line breaks, so that it can head a mail."""
    return " ".join(text.split())


def weekday(value: datetime, zone: tzinfo | None = None) -> str:
    """Return `Fri 18 Dec 2026`, in the zone or the active one; a mail is read later, so the year stands there."""
    local = timezone.localtime(value, zone)
    days = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
    date = date_format(local, pgettext("pattern of a date with year, in Django's letters", "j M Y"))
    return _("{weekday} {date}").format(weekday=days[local.weekday()], date=date)


def moment(value: datetime) -> str:
    """Return `Fri 18 Dec 2026, 17:00`, in the active time zone."""
    time = date_format(timezone.localtime(value), "H:i")
    return _("{day}, {time}").format(day=weekday(value), time=time)


def names(people: Sequence[str]) -> str:
    """Return names in a row: `Mona Manager, Oto Outsider`."""
    return pgettext("between members of a list", ", ").join(people)


def reminder_subject(item: Waiting, now: datetime, late_person: str = "") -> str:
    """Return the headline: when it is due, and what; `late_person` for whoever is told that somebody else is late."""
    title = one_line(item.title)
    if late_person:
        return _("{person} is late: {title}").format(person=late_person, title=title)
    if item.due is None:
        return title
    late = _days_past(item.due, now)
    if now >= item.due:
        if late < 1:
            return _("Late: {title}").format(title=title)
        words = ngettext("{days} day late: {title}", "{days} days late: {title}", late)
        return words.format(days=late, title=title)
    if timezone.localdate(item.due) == timezone.localdate(now):
        return _("Due today: {title}").format(title=title)
    return _("Due {moment}: {title}").format(moment=moment(item.due), title=title)


def _days_past(due: datetime, now: datetime) -> int:
    """Return how many calendar days of the active time zone lie between."""
    return (timezone.localdate(now) - timezone.localdate(due)).days


def reminder_body(
    item: Waiting, stage: str, late_days: int, *, late_person: str = "", told: str = "", next_told: str = ""
) -> str:
    """Return what it needs, until when, what it holds up, and who is told when it stays late.

    `told`: who was told by this escalation; `next_told`: who will be told tomorrow.
    """
    due = _("It was due {moment}.") if stage.startswith(("late", "escalate")) else _("It is due {moment}.")
    lines = [item.needs]
    if item.due is not None:
        lines.append(due.format(moment=moment(item.due)))
    if item.holds_up:
        lines.append(item.holds_up)
    if late_person:
        lines.append(
            _("{person} has been reminded. You are told as deputy, chair or line manager.").format(
                person=late_person
            )
        )
    elif told:
        lines.append(_("This is the last reminder. {person} has been told, too.").format(person=told))
    elif days_late(stage) == late_days and next_told:
        lines.append(_("Tomorrow {person} is told, too.").format(person=next_told))
    return "\n".join(lines)


def own_body(item: Waiting, ahead: tuple[datetime, str] | None, now: datetime) -> str:
    """Return what it needs of the person, until when, and who is told when it stays late; `ahead`: when, and whom."""
    lines = [item.needs]
    if item.due is not None:
        due = _("It is due {moment}.") if now < item.due else _("It was due {moment}.")
        lines.append(due.format(moment=moment(item.due)))
    if item.holds_up:
        lines.append(item.holds_up)
    if ahead is not None:
        at, people = ahead
        lines.append(
            _("If it stays late, it is told to {people} on {day}.").format(people=people, day=weekday(at))
        )
    return "\n".join(lines)


def body_in_place(item: Waiting, person: str, now: datetime) -> str:
    """Return what it needs, told to who stands in for the person while they are away."""
    lines = [_("{person} is away, and you stand in.").format(person=person), item.needs]
    if item.due is not None:
        due = _("It is due {moment}.") if now < item.due else _("It was due {moment}.")
        lines.append(due.format(moment=moment(item.due)))
    if item.holds_up:
        lines.append(item.holds_up)
    return "\n".join(lines)


def step_body(item: Waiting, late_person: str, office: Office) -> str:
    """Return what somebody else is told of what is late, and why they are."""
    lines = [_told_as()[office].format(person=late_person)]
    if item.due is not None:
        lines.append(_("It was due {moment}.").format(moment=moment(item.due)))
    if item.holds_up:
        lines.append(item.holds_up)
    return "\n".join(lines)


def _told_as() -> dict[Office, str]:
    """Return the sentence that says why somebody is told, by office."""
    return {
        Office.MANAGER: _("{person} has been reminded. You are told as line manager."),
        Office.DEPUTY: _("{person} has been reminded. You are told as deputy."),
        Office.MAKER: _("{person} has been reminded. You are told because you made its schedule."),
        Office.BOARD: _("{person} has been reminded. You are told because you lead or keep the board."),
        Office.COMPLIANCE: _("{person} has been reminded. You are told because you look after compliance."),
    }


def address(path: str) -> str:
    """Return the whole address of a page, for a reader outside the product."""
    return settings.BASE_URL.rstrip("/") + path


def letter(name: str, messages: Sequence[tuple[str, str, str]]) -> tuple[str, str]:
    """Return subject and text of a mail with these messages (subject, body, path): one on its own, or a digest."""
    if len(messages) == 1:
        subject, body, path = messages[0]
        return one_line(subject), _sheet(
            name, [f"{subject}\n\n{body}\n\n{address(path)}".replace("\n\n\n\n", "\n\n")]
        )
    words = ngettext("{count} message from Imprimatur", "{count} messages from Imprimatur", len(messages))
    parts = [
        "\n".join([f"{number}. {subject}", *(f"   {line}" for line in [*body.splitlines(), address(path)])])
        for number, (subject, body, path) in enumerate(messages, 1)
    ]
    return words.format(count=len(messages)), _sheet(name, parts)


def _sheet(name: str, parts: Sequence[str]) -> str:
    """Return the text between greeting and signature."""
    greeting = _("{person},").format(person=name)
    why = _("{organisation} sends this because it concerns you. Inbox: {inbox}").format(
        organisation=settings.ORGANISATION, inbox=address("/inbox/")
    )
    how = _("One mail a day instead of single ones, or the other way round: {account}").format(
        account=address("/me/")
    )
    return "\n\n".join([greeting, *parts, f"-- \n{why}\n{how}"]) + "\n"
