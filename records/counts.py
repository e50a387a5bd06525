"""A ballot's arithmetic in one sentence: "7 seats, 1 recused, 5 present of 4 needed, 4 of 5 for, two thirds needed:
passed". Pages and printed records say it with the same words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext


@dataclass(frozen=True, slots=True)
class Share:
    """The fraction of `base` people that a motion needs, and the votes for it; `of` is a `context.ThresholdOf`."""

    numerator: int
    denominator: int
    strict: bool
    of: str
    base: int
    votes_for: int
    passed: bool


@dataclass(frozen=True, slots=True)
class Count:
    """What was counted: people. `present` is at closing, or now; `share` None: votes aren't told or don't count.

    `composed`: whether those were present whom the policy asks for. `ending` is a BallotResult of the context, "held",
    or "" while the ballot is open; `blocks` that stand.
    """

    seats: int
    recused: int
    needed: int
    present_at_opening: int
    present: int
    share: Share | None
    composed: bool = True
    ending: str = ""
    blocks: int = 0
    overrides: bool = False


def count_in_words(count: Count) -> str:
    """Return the arithmetic as one sentence without a full stop."""
    parts = [
        ngettext("{count} seat", "{count} seats", count.seats).format(count=count.seats),
        ngettext("{count} recused", "{count} recused", count.recused).format(count=count.recused),
        _present(count),
    ]
    if not count.composed:
        parts.append(_("not everybody present whom the policy asks for"))
    if count.share is not None and count.ending != "tabled":
        parts += [_votes(count.share), _needed(count.share, overrides=count.overrides)]
    if count.blocks:
        blocks = ngettext(
            "{count} blocking position stands", "{count} blocking positions stand", count.blocks
        )
        parts.append(blocks.format(count=count.blocks))
    sentence = pgettext("between parts of a count", ", ").join(parts)
    if not count.ending:
        return sentence
    return pgettext("count and what followed from it", "{parts}: {result}").format(
        parts=sentence, result=_ending(count)
    )


def _present(count: Count) -> str:
    if count.present == count.present_at_opening:
        return _("{present} present of {needed} needed").format(present=count.present, needed=count.needed)
    return _("{before} present at opening and {present} at closing of {needed} needed").format(
        before=count.present_at_opening, present=count.present, needed=count.needed
    )


def _votes(share: Share) -> str:
    sentence = {
        "present_and_eligible": _("{votes} of {base} for"),
        "seated_minus_recused": _("{votes} for of {base} seats that are not recused"),
        "all_seated": _("{votes} for of all {base} seats"),
    }[share.of]
    return sentence.format(votes=share.votes_for, base=share.base)


def _needed(share: Share, *, overrides: bool) -> str:
    words = share_in_words(share.numerator, share.denominator)
    if overrides:
        sentence = (
            _("more than {share} needed to override") if share.strict else _("{share} needed to override")
        )
    else:
        sentence = _("more than {share} needed") if share.strict else _("{share} needed")
    return sentence.format(share=words)


def share_in_words(numerator: int, denominator: int) -> str:
    """Return a share as people say it: "half", "two thirds", "all"; others in digits, 5/7."""
    if numerator == denominator:
        return pgettext("a share", "all")
    named = {
        (1, 2): pgettext("a share", "half"),
        (2, 3): pgettext("a share", "two thirds"),
        (3, 4): pgettext("a share", "three quarters"),
        (3, 5): pgettext("a share", "three fifths"),
        (4, 5): pgettext("a share", "four fifths"),
    }
    return named.get((numerator, denominator), f"{numerator}/{denominator}")


def _ending(count: Count) -> str:
    return {
        "passed": pgettext("a count", "passed"),
        "failed": pgettext("a count", "failed, because a blocking position stood at the deadline")
        if count.share is not None and count.share.passed
        else pgettext("a count", "failed"),
        "held": pgettext("a count", "held until the blocking position ends, at the latest at the deadline"),
        "tabled": pgettext("a count", "tabled, nothing was decided"),
        "stopped": pgettext("a count", "stopped before it was decided"),
    }[count.ending]


def share_of(threshold: Mapping[str, Any]) -> Share:
    """Return the share from the threshold of a context, or from what a ballot keeps of its closing."""
    return Share(
        numerator=threshold["numerator"],
        denominator=threshold["denominator"],
        strict=threshold["strict"],
        of=threshold["of"],
        base=threshold["base"],
        votes_for=threshold["votes_for"],
        passed=threshold["passed"],
    )


def count_of_context(ballot: Mapping[str, Any]) -> Count:
    """Return the count of a ballot of a review record (`context.Ballot`)."""
    quorum = ballot["quorum"]
    return Count(
        seats=quorum["seats"],
        recused=quorum["recused"],
        needed=quorum["needed"],
        present_at_opening=quorum["present_at_opening"],
        present=quorum["present_at_closing"],
        share=share_of(ballot["threshold"]),
        composed=all(rule["found"] >= rule["needed"] for rule in ballot["composition"]),
        ending=ballot["result"],
        overrides=ballot["kind"] == "override",
    )
