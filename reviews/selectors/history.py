"""The story of a request, without what the boards say among themselves for who may not know it."""

from dataclasses import replace

from audit.selectors import timeline
from audit.telling import Told
from reviews.models import Ballot, ReviewRequest
from reviews.rules.policy import parse

BOARDS_ONLY = (
    "attendance.", "ballot.", "block.", "comment.", "interest.", "motion.", "policy.", "position.", "vote.",
)  # fmt: skip
"""Beginnings of the names of events that tell how boards deliberate."""
PRIVATE = ("interest.", "member.recused")
"""Events whose reason is a private matter: others see its kind only (process.md, section 3; ui.md)."""


def history_for(request: ReviewRequest, *, sees_boards: bool) -> list[Told]:
    """Return the events, newest first; votes stay untold while a ballot that hides positions is open."""
    untold: tuple[str, ...] = () if sees_boards else BOARDS_ONLY
    if sees_boards and _hides_positions(request):
        untold = ("vote.",)
    events = [event for event in timeline(request) if not event.verb.startswith(untold)]
    return [replace(event, reason="") if event.verb.startswith(PRIVATE) else event for event in events]


def _hides_positions(request: ReviewRequest) -> bool:
    open_ballots = Ballot.objects.filter(request=request, state="open").values_list("policy", flat=True)
    return any(parse(policy).positions_hidden for policy in open_ballots)
