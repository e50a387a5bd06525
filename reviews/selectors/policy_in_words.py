"""A board's policy as sentences, for its page, for ballots and for records."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from reviews.rules.composition import CompositionRule
from reviews.rules.policy import BoardPolicy
from reviews.rules.quorum import QuorumKind, QuorumRule
from reviews.rules.threshold import Threshold, ThresholdOf
from reviews.selectors.words import SEAT_ATTRIBUTES, fraction_in_words


def quorum_in_words(rule: QuorumRule) -> str:
    """Return the rule of quorum: "Quorum is more than half of the seats"."""
    if rule.kind == QuorumKind.COUNT:
        return ngettext(
            "Quorum is {count} person present who is not recused.",
            "Quorum is {count} people present who are not recused.",
            rule.count,
        ).format(count=rule.count)
    if rule.kind == QuorumKind.FRACTION:
        return _("Quorum is {fraction} of the seats, present and not recused.").format(
            fraction=fraction_in_words(rule.numerator, rule.denominator)
        )
    return _("Quorum is more than half of the seats, present and not recused.")


def composition_in_words(rule: CompositionRule) -> str:
    """Return a rule on who must be present: "At least 1 lay or external member is present"."""
    return ngettext(
        "At least {count} member is present who is {kinds}.",
        "At least {count} members are present who are {kinds}.",
        rule.at_least,
    ).format(count=rule.at_least, kinds=kinds_in_words(rule))


def kinds_in_words(rule: CompositionRule) -> str:
    """Return the attributes of which one suffices: "lay or external"."""
    words = [str(SEAT_ATTRIBUTES.get(code, code)) for code in rule.any_of]
    return pgettext("between two attributes of which one suffices", " or ").join(words)


def threshold_in_words(rule: Threshold) -> str:
    """Return what a motion needs: "A motion passes with 2/3 of those who are present and may vote."."""
    sentence = {
        (ThresholdOf.PRESENT_AND_ELIGIBLE, False): _(
            "A motion passes with {share} of those who are present and may vote."
        ),
        (ThresholdOf.PRESENT_AND_ELIGIBLE, True): _(
            "A motion passes with more than {share} of those who are present and may vote."
        ),
        (ThresholdOf.SEATED_MINUS_RECUSED, False): _(
            "A motion passes with {share} of all seats but the recused ones."
        ),
        (ThresholdOf.SEATED_MINUS_RECUSED, True): _(
            "A motion passes with more than {share} of all seats but the recused ones."
        ),
        (ThresholdOf.ALL_SEATED, False): _(
            "A motion passes with {share} of all seats, absent and recused ones too."
        ),
        (ThresholdOf.ALL_SEATED, True): _(
            "A motion passes with more than {share} of all seats, absent and recused ones too."
        ),
    }[rule.of, rule.strict]
    return sentence.format(share=fraction_in_words(rule.numerator, rule.denominator))


def override_in_words(rule: Threshold) -> str:
    """Return what it takes to override a blocking position."""
    sentence = {
        (ThresholdOf.PRESENT_AND_ELIGIBLE, False): _(
            "A blocking position is overridden with {share} of those who are present and may vote."
        ),
        (ThresholdOf.PRESENT_AND_ELIGIBLE, True): _(
            "A blocking position is overridden with more than {share} of those who are present and may vote."
        ),
        (ThresholdOf.SEATED_MINUS_RECUSED, False): _(
            "A blocking position is overridden with {share} of all seats but the recused ones."
        ),
        (ThresholdOf.SEATED_MINUS_RECUSED, True): _(
            "A blocking position is overridden with more than {share} of all seats but the recused ones."
        ),
        (ThresholdOf.ALL_SEATED, False): _(
            "A blocking position is overridden with {share} of all seats, absent and recused ones too."
        ),
        (ThresholdOf.ALL_SEATED, True): _(
            "A blocking position is overridden with more than {share} of all seats, absent and recused ones too."
        ),
    }[rule.of, rule.strict]
    return sentence.format(share=fraction_in_words(rule.numerator, rule.denominator))


def policy_in_words(policy: BoardPolicy) -> list[str]:
    """Return the whole policy, sentence by sentence; abstentions, ties and blocks as the rules treat them."""
    sentences = [quorum_in_words(policy.quorum)]
    sentences += [composition_in_words(rule) for rule in policy.composition]
    sentences += [
        threshold_in_words(policy.threshold),
        _("Abstentions stay in the count of those of whom the share is taken; a tie fails."),
        override_in_words(policy.override),
        ngettext(
            "A ballot is open for {count} working day at most.",
            "A ballot is open for {count} working days at most.",
            policy.ballot_days,
        ).format(count=policy.ballot_days),
        _("No ballot to approve opens while findings of what must be fixed are open.")
        if policy.open_findings_block
        else _(
            "Open findings of what must be fixed are told before a ballot to approve opens; they don't stop it."
        ),
        _("Positions are hidden until the ballot closes.")
        if policy.positions_hidden
        else _("Members see each other's positions while the ballot is open."),
        ngettext(
            "An approval holds for {count} month.",
            "An approval holds for {count} months.",
            policy.validity_months,
        ).format(count=policy.validity_months),
        ngettext(
            "An appeal is possible within {count} day.",
            "An appeal is possible within {count} days.",
            policy.appeal_days,
        ).format(count=policy.appeal_days),
    ]
    return sentences
