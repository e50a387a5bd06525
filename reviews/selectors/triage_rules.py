"""The rules of triage in words, version by version, and what other rules would have proposed for past requests."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from accounts.models import User
from imprimatur.dossier.questionnaire import Questionnaire
from registry.vocabulary import Channel
from reviews.models import ReviewRequest, Triage, TriageRuleSet
from reviews.permissions.sight import visible_to
from reviews.rules.triage import ORDER, Proposal, propose, scientific
from reviews.rules.triage_rules import TriageRule, TriageRules
from reviews.selectors.questionnaires import in_use
from reviews.selectors.revisions import triage_facts_of
from reviews.selectors.triage_words import sentence_of
from reviews.selectors.words import BOARD_KINDS, PROCEDURES, TIERS, joined

TRIED = 200
"""Past requests that are tried, the newest first."""

LISTED = gettext_lazy("Chinese ethics review measures of 2023, listed activities")
SOURCES: dict[str, StrOrPromise] = {
    "above_systemic_risk": gettext_lazy("EU AI Act, Art. 51(2): more than 10^25 FLOP"),
    "public_opinion": LISTED,
    "autonomy_alone": LISTED,
}
OWN_DEFAULT = gettext_lazy("our own default")


@dataclass(frozen=True, slots=True)
class RuleInWords:
    """A rule as a page shows it; `when` is what it looks at."""

    rule: TriageRule
    sentence: str
    when: str
    tier: StrOrPromise
    boards: str
    source: StrOrPromise


@dataclass(frozen=True, slots=True)
class Moved:
    """Past requests for which the rules that are tried propose the same other route.

    `references` are those that the reader may see; a trial tells nobody what stands in the dossier of another one.
    """

    confirmed: str
    before: str
    after: str
    count: int
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What other rules would have proposed: of so many requests these."""

    tried: int
    moved: tuple[Moved, ...]

    @property
    def count(self) -> int:
        """How many requests would take another way."""
        return sum(moved.count for moved in self.moved)


def rules_in_words(rules: TriageRules) -> list[RuleInWords]:
    """Return the rules in their order, with the questions that new requests are asked."""
    asked = in_use()
    return [
        RuleInWords(
            rule=rule,
            sentence=sentence_of_rule(rule),
            when=_when(rule, asked),
            tier=TIERS[rule.tier],
            boards=_boards(rule.boards),
            source=_("this organisation") if rule.sentence else SOURCES.get(rule.code, OWN_DEFAULT),
        )
        for rule in rules.rules
    ]


def sentence_of_rule(rule: TriageRule) -> str:
    """Return the rule's reason as a sentence, with what it would name left open."""
    if rule.sentence:
        return rule.sentence.in_language(get_language() or "en")
    limit = scientific(rule.above_flop) if rule.above_flop is not None else ""
    return sentence_of(rule.code, {"flop": "…", "limit": limit} if limit else {})


def _when(rule: TriageRule, asked: Questionnaire) -> str:
    if rule.channels:
        names = joined(str(Channel(code).label) for code in sorted(rule.channels))
        return _("Channel: {channels}").format(channels=names)
    if rule.above_flop is not None:
        return _("Training compute above {flop} FLOP").format(flop=scientific(rule.above_flop))
    language = get_language() or "en"
    question = asked.question(rule.question)
    if question is None:
        return _("The questions have no {key} any more, so this rule finds nothing.").format(
            key=rule.question
        )
    found = [option.label.in_language(language) for option in question.options if option.code in rule.answers]
    return _("{number} {question} – {answers}").format(
        number=question.number, question=question.text.in_language(language), answers=" / ".join(found) or "?"
    )


def _boards(kinds: Iterable[str]) -> str:
    wanted = set(kinds)
    return joined(str(BOARD_KINDS[kind]) for kind in ORDER if kind in wanted)


def versions_of_rules() -> list[TriageRuleSet]:
    """Return all versions, the newest first."""
    return list(TriageRuleSet.objects.select_related("made_by"))


def what_if(tried: TriageRules, now_in_force: TriageRules, *, reader: User, now: datetime) -> WhatIf:
    """Return how many past requests these rules propose another route for than those in force.

    They are tried on the revisions that were routed, as they were frozen. Nothing of a dossier is returned.
    """
    newest = Triage.objects.order_by("-confirmed_at").select_related("request", "revision")
    routed = list(newest.prefetch_related("boards")[:TRIED])
    ways: dict[tuple[str, str, str], list[ReviewRequest]] = {}
    for triage in routed:
        facts = triage_facts_of(triage.revision)
        before, after = propose(facts, now_in_force), propose(facts, tried)
        if _route(before) != _route(after):
            confirmed = route_in_words(
                triage.tier, triage.procedure, [board.kind for board in triage.boards.all()]
            )
            ways.setdefault((confirmed, _in_words(before), _in_words(after)), []).append(triage.request)
    keys = {request.pk for found in ways.values() for request in found}
    seen = set(visible_to(reader, now).filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()
    return WhatIf(len(routed), tuple(
        Moved(*way, len(found), tuple(request.reference for request in found if request.pk in seen))
        for way, found in ways.items()
    ))  # fmt: skip


def _route(proposal: Proposal) -> tuple[object, ...]:
    return proposal.tier, proposal.procedure, proposal.boards


def _in_words(proposal: Proposal) -> str:
    return route_in_words(proposal.tier, proposal.procedure, proposal.boards)


def route_in_words(tier: int, procedure: str, kinds: Iterable[str]) -> str:
    """Return a route in a line: "High risk, full procedure, ethics and legal"."""
    return _("{tier} risk, {procedure}; boards: {boards}").format(
        tier=TIERS[tier], procedure=PROCEDURES[procedure], boards=_boards(kinds)
    )
