"""Why a library applies or doesn't, in sentences."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy
from django_stubs_ext import StrOrPromise

from compliance.models import Library
from compliance.models.library import in_language
from compliance.rules.applicability import Condition, Fact, Finding, Level, Outcome, Test, read_applies
from compliance.selectors.verdicts import Verdict
from registry.models import scientific
from registry.vocabulary import Channel, Market, Modality

NAMED = 3
FACTS: dict[str, StrOrPromise] = {
    Fact.MARKETS: gettext_lazy("markets"),
    Fact.CHANNEL: gettext_lazy("channel"),
    Fact.MODALITY: gettext_lazy("kinds of content"),
    Fact.COMPUTE: gettext_lazy("training compute"),
    Fact.DATA: gettext_lazy("data about people"),
    Fact.SOURCES: gettext_lazy("sources of data"),
    Fact.PEOPLE: gettext_lazy("people affected"),
}
CODES: dict[str, dict[str, StrOrPromise]] = {
    Fact.MARKETS: dict(Market.choices),
    Fact.CHANNEL: dict(Channel.choices),
    Fact.MODALITY: dict(Modality.choices),
    Fact.DATA: {
        "none": pgettext_lazy("data about people", "none was found"),
        "anonymised": pgettext_lazy("data about people", "anonymised"),
        "pseudonymised": pgettext_lazy("data about people", "pseudonymised"),
        "personal": pgettext_lazy("data about people", "personal"),
        "sensitive": pgettext_lazy("data about people", "sensitive"),
        "users": pgettext_lazy("data about people", "what users enter"),
    },
    Fact.SOURCES: {
        "crawled": pgettext_lazy("source of data", "crawled"),
        "partner": pgettext_lazy("source of data", "from a partner"),
        "public": pgettext_lazy("source of data", "public"),
        "own": pgettext_lazy("source of data", "made by ourselves"),
        "synthetic": pgettext_lazy("source of data", "made by machines"),
    },
    Fact.PEOPLE: {
        "minors": pgettext_lazy("people affected", "children or teenagers may use it"),
        "patients": pgettext_lazy("people affected", "it is meant for health or medicine"),
        "opinion": pgettext_lazy("people affected", "it could mobilise public opinion"),
        "unattended": pgettext_lazy("people affected", "it acts alone where safety depends on it"),
    },
}
OUTCOMES: dict[Outcome, tuple[str, str, StrOrPromise]] = {
    Outcome.YES: ("live", "check", gettext_lazy("applies")),
    Outcome.NO: ("", "minus", gettext_lazy("doesn't apply")),
    Outcome.UNKNOWN: ("warn", "help-circle", gettext_lazy("not known")),
    Outcome.ELSEWHERE: ("", "", gettext_lazy("not asked here")),
}
LEVELS: dict[str, StrOrPromise] = {
    Level.ORGANISATION: gettext_lazy("the organisation"),
    Level.PROJECT: gettext_lazy("a project"),
    Level.MODEL: gettext_lazy("a model"),
    Level.VERSION: gettext_lazy("a model version"),
}
_ELSEWHERE: dict[str, StrOrPromise] = {
    Level.ORGANISATION: gettext_lazy("This library is about the organisation as a whole."),
    Level.PROJECT: gettext_lazy("This library is about projects."),
    Level.MODEL: gettext_lazy("This library is about models."),
    Level.VERSION: gettext_lazy("This library is about model versions, and is told for each of them."),
}


def why(verdict: Verdict) -> list[str]:
    """Return what makes it so: the reason of a decision where the person may read it, else what the rule says."""
    if verdict.decision is None:
        return (
            _of_parts(verdict, verdict.outcome, verdict.settled.parts)
            if _through(verdict)
            else ruled(verdict)
        )
    if verdict.reads_reason:
        return [verdict.decision.reason]
    return [_("Somebody decided so; the reason is read by those who see all of compliance.")]


def ruled(verdict: Verdict) -> list[str]:
    """Return what the rule says, whatever a person decided."""
    library, judged = verdict.library, verdict.judged
    if judged is not None:
        return _why(library, judged.outcome, judged.deciding)
    if _through(verdict):
        return _of_parts(verdict, verdict.settled.ruled, verdict.settled.ruled_parts)
    if library.applies is None:
        return [_("The library says nothing of it.")]
    return [str(_ELSEWHERE[library.level])]


def rule_in_words(library: Library) -> list[str]:
    """Return when a library applies, as its page says it."""
    if library.applies is None:
        return [_("The library says nothing of it.")]
    rule = read_applies(library.applies)
    sentences = [_("It is about {level}.").format(level=LEVELS[rule.to])]
    sentences += [
        _("The {fact}: {wanted}.").format(fact=FACTS[condition.fact], wanted=_wanted(condition))
        for condition in rule.when
    ]
    if depends := library.applies.get("depends"):
        whether = in_language(depends["en"], depends["zh"])
        sentences.append(
            _("It depends on whether {whether}. Somebody has to decide.").format(whether=whether)
        )
    return sentences


def _through(verdict: Verdict) -> bool:
    return verdict.is_through_parts and verdict.library.applies is not None


def _of_parts(verdict: Verdict, outcome: Outcome, those: Sequence[int]) -> list[str]:
    """Say which parts make it so."""
    is_project = verdict.subject.level is Level.PROJECT
    if not verdict.parts:
        return [_("It has no model.") if is_project else _("It has no current version.")]
    if outcome is Outcome.NO:
        return [
            _("It applies to none of its models.")
            if is_project
            else _("It applies to none of its current versions.")
        ]
    names = [str(verdict.parts[position].subject) for position in those]
    comma = pgettext("between members of a list", ", ")
    told = comma.join(names[:NAMED])
    if more := len(names) - NAMED if len(names) > NAMED else 0:
        told = ngettext("{names} and {number} more", "{names} and {number} more", more).format(
            names=told, number=more
        )
    if outcome is Outcome.YES:
        return [_("It applies to {names}.").format(names=told)]
    return [_("It isn't known for {names}, and applies to no other.").format(names=told)]


def _why(library: Library, outcome: Outcome, deciding: Sequence[Finding]) -> list[str]:
    if outcome is Outcome.YES:
        reason = (library.applies or {})["reason"]
        return [in_language(reason["en"], reason["zh"]), *(_found(finding) for finding in deciding)]
    depends = (library.applies or {}).get("depends")
    if outcome is Outcome.UNKNOWN and depends and not deciding:
        whether = in_language(depends["en"], depends["zh"])
        return [_("It depends on whether {whether}. Somebody has to decide.").format(whether=whether)]
    if outcome is Outcome.UNKNOWN:
        return [
            _("Nobody has said the {fact} yet; whether it applies depends on {wanted}.").format(
                fact=FACTS[finding.condition.fact], wanted=_wanted(finding.condition)
            )
            for finding in deciding
        ]
    return [
        _sourced(
            finding,
            _("The {fact}: {found}. It would apply with {wanted}."),
            _("The {fact}: {found} ({source}). It would apply with {wanted}."),
        )
        for finding in deciding
    ]


def _found(finding: Finding) -> str:
    return _sourced(finding, _("The {fact}: {found}."), _("The {fact}: {found} ({source})."))


def _sourced(finding: Finding, sentence: str, with_source: str) -> str:
    return (with_source if finding.source else sentence).format(
        fact=FACTS[finding.condition.fact], found=_known(finding), source=finding.source,
        wanted=_wanted(finding.condition),
    )  # fmt: skip


def _known(finding: Finding) -> str:
    if isinstance(finding.found, Decimal):
        return f"{scientific(finding.found)} FLOP"
    return _labels(finding.condition.fact, finding.found or ())


def _wanted(condition: Condition) -> str:
    if condition.test is Test.AT_LEAST and condition.least is not None:
        return _("at least {number} FLOP").format(number=scientific(condition.least))
    labels = _labels(condition.fact, condition.codes)
    return _("none of: {codes}").format(codes=labels) if condition.test is Test.HAS_NONE else labels


def _labels(fact: str, codes: Sequence[str]) -> str:
    choices = CODES.get(fact, {})
    comma = pgettext("between members of a list", ", ")
    return comma.join(str(choices.get(code, code)) for code in codes) or "–"
