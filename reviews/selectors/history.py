"""The story of a request, without what the boards say among themselves for who may not know it."""

from dataclasses import replace

from audit.selectors import timeline
from audit.telling import Told
from reviews.models import Ballot, Block, ReviewRequest
from reviews.selectors.ballots import hidden_ballots

BOARDS_ONLY = (
    "attendance.", "ballot.", "block.", "comment.", "interest.", "motion.", "person.", "policy.", "position.",
    "reader.", "review.laid_aside", "vote.",
)  # fmt: skip
"""Beginnings of the names of events that tell how boards deliberate, or who of them was reminded of what."""
PRIVATE = ("interest.", "member.recused")
"""Events whose reason is a private matter: others see its kind only (process.md, section 3; ui.md)."""


DECIDED = (
    "appeal.", "condition.waived", "continuing_review.continued", "request.exempted", "suspension.lifted",
    "suspension.ratified",
)  # fmt: skip
"""Events whose reason is what a board, or a member for it, decided with: who is recused doesn't read it."""


def history_for(request: ReviewRequest, *, sees_boards: bool, reads_decisions: bool = True) -> list[Told]:
    """Return the events, newest first; while a ballot hides positions, its votes and their blocks stay untold."""
    untold: tuple[str, ...] = () if sees_boards else BOARDS_ONLY
    blocks: set[str] = set()
    if sees_boards and (hidden := hidden_ballots(request.pk)):
        untold = ("vote.",)
        blocks = {str(key) for key in Block.objects.filter(ballot__in=hidden).values_list("pk", flat=True)}
    events = [event for event in timeline(request) if not event.verb.startswith(untold)]
    if not sees_boards:  # whose dates were moved, with a reason of the board's own
        events = [
            e for e in events if (e.verb, e.object_type) != ("deadline.moved", Ballot._meta.label_lower)
        ]
    events = [e for e in events if e.object_type != Block._meta.label_lower or e.object_id not in blocks]
    private = PRIVATE if reads_decisions else (*PRIVATE, *DECIDED)
    return [replace(event, reason="") if event.verb.startswith(private) else event for event in events]
