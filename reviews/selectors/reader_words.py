"""Why somebody is proposed as a reader, or isn't, in sentences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django_stubs_ext import StrOrPromise

from accounts.models import User
from reminders.wording import weekday
from reviews.models import Assignment
from reviews.rules.assigning import Candidate, Excluded, Fact, Ranked, ReaderRole, Reason
from reviews.selectors.readers_proposal import ReaderProposal

ROLES: dict[str, StrOrPromise] = {
    ReaderRole.LEAD: gettext_lazy("Lead reader"),
    ReaderRole.SECOND: gettext_lazy("Second reader"),
}
ENDINGS: dict[str, StrOrPromise] = {
    "reassigned": gettext_lazy("given to somebody else"),
    "declined": gettext_lazy("given back"),
    "recused": pgettext_lazy("a reader", "recused"),
    "closed": gettext_lazy("the review is closed"),
}
_PLAIN: dict[Fact, StrOrPromise] = {
    Fact.IDLE: gettext_lazy("Has nothing open."),
    Fact.EXPERT: gettext_lazy("Sits as an expert."),
    Fact.NEVER_ASSIGNED: gettext_lazy("Has never been asked to read for this board."),
    Fact.LANGUAGE: gettext_lazy("Works in the language of the request."),
    Fact.COMPLEMENT: gettext_lazy("Brings what the lead reader doesn't: another kind of seat."),
    Fact.CHAIR: gettext_lazy("Chairs the board already."),
}
_WHY_NOT: dict[Excluded, StrOrPromise] = {
    Excluded.CONFLICT: gettext_lazy("Has a part in the request, or a tie to it."),
    Excluded.RECUSED: gettext_lazy("Is recused from the request."),
    Excluded.INTEREST: gettext_lazy("Declared an interest that isn't judged yet."),
    Excluded.AWAY: gettext_lazy("Is away."),
    Excluded.LEFT: gettext_lazy("Has left: the account is deactivated."),
    Excluded.ALTERNATE: gettext_lazy("Is an alternate, who sits only for somebody."),
    Excluded.DECLINED: gettext_lazy("Gave this reading back."),
    Excluded.READS_ALREADY: gettext_lazy("Reads it already."),
}


@dataclass(frozen=True, slots=True)
class RankedLine:
    """A member who may read, as the page shows them."""

    ranked: Ranked
    name: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeftOutLine:
    """A member who may not read, with why not."""

    name: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReaderLine:
    """Who reads in one role, or nobody; `is_mine`: whoever looks does."""

    role: str
    title: StrOrPromise
    assignment: Assignment | None
    reasons: tuple[str, ...]
    is_mine: bool


def reader_lines(rows: Iterable[Assignment], reader: User) -> list[ReaderLine]:
    """Return who reads a request for a board in each role; `rows`: all assignments of the board's review."""
    present = {row.role: row for row in rows if row.ended_at is None}
    lines = []
    for role, title in ROLES.items():
        row = present.get(role)
        why = tuple(kept_reasons(row)) if row else ()
        lines.append(ReaderLine(role, title, row, why, row is not None and row.person_id == reader.pk))
    return lines


def ranked_lines(found: ReaderProposal) -> list[RankedLine]:
    """Return the proposal in words, the first one first."""
    return [
        RankedLine(one, found.name_of(one.person), tuple(map(reason_in_words, one.reasons)))
        for one in found.proposal.ranked
    ]


def left_out_lines(found: ReaderProposal) -> list[LeftOutLine]:
    """Return who is left out, with why not."""
    return [LeftOutLine(found.name_of(one.person), tuple(_why_not(one))) for one in found.proposal.left_out]


def reason_in_words(reason: Reason) -> str:
    """Return a fact in a sentence, with its points."""
    if reason.fact == Fact.NEAR and not reason.number:
        told = _("Works by the same clock as the board.")
    else:
        told = str(_PLAIN[reason.fact]) if reason.fact in _PLAIN else _counted(reason)
    return _("{sentence} ({points})").format(sentence=told, points=f"{reason.points:+d}".replace("-", "−"))


def _counted(reason: Reason) -> str:
    number = reason.number
    words: Mapping[Fact, str] = {
        Fact.LOAD: ngettext(
            "Carries {count} point of open work: requests by their risk, ballots, conditions.",
            "Carries {count} points of open work: requests by their risk, ballots, conditions.", number,
        ),
        Fact.SAME_MODEL: ngettext(
            "Judged {count} earlier request of the same model.", "Judged {count} earlier requests of the same model.",
            number,
        ),
        Fact.SAME_TOPICS: ngettext(
            "Judged {count} earlier request with the same questions.",
            "Judged {count} earlier requests with the same questions.", number,
        ),
        Fact.LONG_AGO: ngettext(
            "Was last asked to read {count} day ago.", "Was last asked to read {count} days ago.", number
        ),
        Fact.NEAR: ngettext(
            "Their clock is {count} hour from the board's.", "Their clock is {count} hours from the board's.", number
        ),
        Fact.FAR: ngettext(
            "Their clock is {count} hour from the board's.", "Their clock is {count} hours from the board's.", number
        ),
    }  # fmt: skip
    return words[reason.fact].format(count=number)


def _why_not(one: Candidate) -> list[str]:
    return [
        _("Is away until {day}.").format(day=weekday(one.away_until))
        if code == Excluded.AWAY and one.away_until
        else str(_WHY_NOT[code])
        for code in one.excluded
    ]


def kept_reasons(assignment: Assignment) -> list[str]:
    """Return why somebody was chosen, from what was kept with the choice."""
    for one in assignment.reasons.get("ranked", []):
        if one["person"] == assignment.person_id:
            return [
                reason_in_words(Reason(Fact(reason["fact"]), reason["points"], reason["number"]))
                for reason in one["reasons"]
            ]
    return []
