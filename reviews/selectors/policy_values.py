"""The settings of a policy by their names, each value in words: for the page of a policy and for what differs."""

from collections.abc import Callable, Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy
from django_stubs_ext import StrOrPromise

from records.counts import share_in_words
from reviews.rules.clocks import Term, Unit
from reviews.rules.composition import CompositionRule
from reviews.rules.policy import ConflictRule, OverdueConditions
from reviews.rules.quorum import QuorumKind, QuorumRule
from reviews.rules.threshold import Threshold, ThresholdOf
from reviews.selectors.words import SEAT_ATTRIBUTES, joined

LABELS: Mapping[str, StrOrPromise] = {
    "seats_minimum": gettext_lazy("Least number of seats"),
    "quorum": pgettext_lazy("setting", "Quorum"),
    "composition": gettext_lazy("Who must be present"),
    "threshold": gettext_lazy("A motion passes with"),
    "override": gettext_lazy("A blocking position is overridden with"),
    "ballot_days": gettext_lazy("A ballot is open for"),
    "gates": gettext_lazy("Checklists accepted before an approval"),
    "open_findings_block": gettext_lazy("Open findings of what must be fixed"),
    "positions_hidden": gettext_lazy("Positions while a ballot is open"),
    "circulation": gettext_lazy("Ballots outside meetings"),
    "validity_months": gettext_lazy("An approval holds for"),
    "continuing_months": gettext_lazy("Continuing review every"),
    "continuing_ahead_days": gettext_lazy("The requester is asked for it before, by"),
    "expiry_notices": gettext_lazy("Notices before an approval ends"),
    "ratification_days": gettext_lazy("A suspension is ratified within"),
    "appeal_days": gettext_lazy("An appeal is possible within"),
    "question_days": gettext_lazy("A question is answered within"),
    "completeness_days": gettext_lazy("A submission is checked within"),
    "conflicts": gettext_lazy("Facts that recuse a member"),
    "declaration_months": gettext_lazy("A declaration of interests counts for"),
    "declaration_required": gettext_lazy("Members without a declaration"),
    "overdue_conditions": gettext_lazy("Conditions that are late"),
    "offered": gettext_lazy("Requests take this way"),
    "term": gettext_lazy("A decision is due within"),
    "reviewers": gettext_lazy("Members who decide for the board"),
    "may_reject": gettext_lazy("A motion to reject"),
    "seconder": gettext_lazy("A motion needs a seconder"),
    "provisional_days": gettext_lazy("Provisional; the full review is over within"),
    "panel_minimum": gettext_lazy("Outside experts, at least"),
    "panel_threshold": gettext_lazy("The experts pass it with"),
}

CONFLICTS: Mapping[str, StrOrPromise] = {
    ConflictRule.SAME_PROJECT: gettext_lazy("works in the same project"),
    ConflictRule.SAME_TEAM: gettext_lazy("is in the same team"),
    ConflictRule.LINE_MANAGER: gettext_lazy("line manager of somebody who works on it"),
    ConflictRule.CARD_AUTHOR: gettext_lazy("wrote the model's card"),
}


def quorum_value(rule: QuorumRule) -> str:
    """Return "more than half of the seats"."""
    if rule.kind == QuorumKind.COUNT:
        return ngettext("{count} person present", "{count} people present", rule.count).format(
            count=rule.count
        )
    if rule.kind == QuorumKind.FRACTION:
        share = share_in_words(rule.numerator, rule.denominator)
        return _("{share} of the seats").format(share=share)
    return _("more than half of the seats")


def threshold_value(rule: Threshold) -> str:
    """Return "more than half of those who are present and may vote"."""
    sentence = {
        ThresholdOf.PRESENT_AND_ELIGIBLE: _("{share} of those who are present and may vote"),
        ThresholdOf.SEATED_MINUS_RECUSED: _("{share} of all seats but the recused ones"),
        ThresholdOf.ALL_SEATED: _("{share} of all seats, absent and recused ones too"),
    }[rule.of]
    words = share_in_words(rule.numerator, rule.denominator)
    return sentence.format(share=_("more than {share}").format(share=words) if rule.strict else words)


def composition_value(rules: Iterable[CompositionRule]) -> str:
    """Return "1 lay or external, 1 non-technical"; or that nobody in particular must be there."""
    words = [
        _("at least {count} {kinds}").format(
            count=rule.at_least,
            kinds=pgettext("between two attributes of which one suffices", " or ").join(
                str(SEAT_ATTRIBUTES.get(code, code)) for code in rule.any_of
            ),
        )
        for rule in rules
    ]
    return joined(words) if words else _("nobody in particular")


def term_value(term: Term) -> str:
    """Return "30 days", "72 hours", "3 working days"."""
    sentence = {
        Unit.HOURS: ngettext("{count} hour", "{count} hours", term.count),
        Unit.DAYS: ngettext("{count} day", "{count} days", term.count),
        Unit.WORKING_DAYS: ngettext("{count} working day", "{count} working days", term.count),
    }[term.unit]
    return sentence.format(count=term.count)


def _days(count: int) -> str:
    return term_value(Term(count, Unit.DAYS))


def _working_days(count: int) -> str:
    return term_value(Term(count, Unit.WORKING_DAYS))


def _months(count: int) -> str:
    return ngettext("{count} month", "{count} months", count).format(count=count)


def _months_or_never(count: int) -> str:
    return _months(count) if count else pgettext("how often", "never")


def _declaration(count: int) -> str:
    return _months(count) if count else _("none is asked for")


def _overdue(rule: OverdueConditions) -> str:
    escalated = (
        _("told to the chair after {days}").format(days=_days(rule.escalate_days))
        if rule.escalate_days
        else _("not told to the chair")
    )
    suspended = (
        _("the approval is suspended after {days}").format(days=_days(rule.suspend_days))
        if rule.suspend_days
        else _("the approval is not suspended")
    )
    return joined([escalated, suspended])


def _notices(days: Iterable[int]) -> str:
    found = [str(day) for day in days]
    return _("{days} days before").format(days=joined(found)) if found else _("none")


def _number(count: int) -> str:
    return str(count) if count else _("not asked for")


def _yes(yes: StrOrPromise, no: StrOrPromise) -> Callable[[bool], str]:
    return lambda value: str(yes if value else no)


VALUES: Mapping[str, Callable[..., str]] = {
    "seats_minimum": _number,
    "quorum": quorum_value,
    "composition": composition_value,
    "threshold": threshold_value,
    "override": threshold_value,
    "panel_threshold": threshold_value,
    "ballot_days": _working_days,
    "gates": lambda codes: joined(codes) if codes else _("none"),
    "open_findings_block": _yes(
        gettext_lazy("stop a ballot to approve"), gettext_lazy("are told, and stop nothing")
    ),
    "positions_hidden": _yes(gettext_lazy("hidden until it closes"), gettext_lazy("seen by the members")),
    "circulation": _yes(pgettext_lazy("ballots", "allowed"), pgettext_lazy("ballots", "not allowed")),
    "validity_months": _months,
    "continuing_months": _months_or_never,
    "continuing_ahead_days": _days,
    "expiry_notices": _notices,
    "ratification_days": _working_days,
    "appeal_days": _days,
    "question_days": _working_days,
    "completeness_days": _working_days,
    "conflicts": lambda codes: joined(str(CONFLICTS[code]) for code in codes) if codes else _("none"),
    "declaration_months": _declaration,
    "declaration_required": _yes(gettext_lazy("don't vote"), gettext_lazy("are reminded, and vote")),
    "overdue_conditions": _overdue,
    "offered": _yes(pgettext_lazy("a procedure", "offered"), pgettext_lazy("a procedure", "not offered")),
    "term": term_value,
    "reviewers": lambda count: str(count) if count else _("the whole board"),
    "may_reject": _yes(
        pgettext_lazy("a motion", "in order"),
        gettext_lazy("not in order; a doubt sends the request to a full review"),
    ),
    "seconder": _yes(pgettext_lazy("setting", "yes"), pgettext_lazy("setting", "no")),
    "provisional_days": _days,
    "panel_minimum": str,
}


def value_in_words(key: str, value: object) -> str:
    """Return the value of a setting in words; None: the board's own rule holds in this procedure."""
    return _("as for the board") if value is None else VALUES[key](value)
