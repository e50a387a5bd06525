"""What was counted on a ballot, in one sentence, from the arithmetic that it kept when it opened and when it closed."""

from records.counts import Count, Share, count_in_words, share_of
from reviews.models import Ballot
from reviews.rules.ballot import MotionKind, tally
from reviews.selectors.counted import Counted


def kept_count(ballot: Ballot) -> Count:
    """Return what the ballot kept: of its closing, or, while it is open, of its opening without any votes."""
    opening, closing = ballot.opening["quorum"], ballot.closing.get("quorum")
    quorum = closing or opening
    ended = ballot.state != "open"
    composition = (ballot.closing or ballot.opening)["composition"]
    return Count(
        seats=quorum["seats"],
        recused=quorum["recused"],
        needed=quorum["needed"],
        present_at_opening=opening["present"],
        present=quorum["present"],
        share=share_of(ballot.closing["threshold"]) if closing else None,
        composed=all(rule["found"] >= rule["needed"] for rule in composition),
        ending=(ballot.result or "held") if ended else "",
        blocks=ballot.closing.get("standing_blocks", 0) if ballot.state == "held" else 0,
        overrides=ballot.kind == MotionKind.OVERRIDE,
    )


def ballot_in_words(ballot: Ballot) -> str:
    """Return the arithmetic of a ballot that was counted: "7 seats, 1 recused, …: passed"."""
    return count_in_words(kept_count(ballot))


def counted_in_words(found: Counted, *, hidden: bool) -> str:
    """Return the arithmetic: as it was kept, or as it stands while the ballot is open; `hidden` leaves out votes."""
    if found.ballot.state != "open":
        return ballot_in_words(found.ballot)
    votes = tally(found.count)
    share = Share(
        numerator=found.threshold.numerator,
        denominator=found.threshold.denominator,
        strict=found.threshold.strict,
        of=found.threshold.of.value,
        base=votes.base,
        votes_for=votes.votes_for,
        passed=False,
    )
    return count_in_words(
        Count(
            seats=found.quorum.seats,
            recused=found.quorum.recused,
            needed=found.quorum.needed,
            present_at_opening=found.quorum.present,
            present=found.quorum.present,
            share=None if hidden else share,
            overrides=found.ballot.kind == MotionKind.OVERRIDE,
        )
    )
