"""An appeal as its page shows it."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from reviews.models import Appeal, BoardReview, Seat
from reviews.permissions.panels import why_not_form_appeal
from reviews.rules.appeals import OPEN, AppealOutcome, AppealState
from reviews.selectors.panel_words import APPEAL_OUTCOMES, APPEAL_STATES
from reviews.selectors.words import Badge

TONES = {
    AppealState.FILED: ("warn", "hourglass"),
    AppealState.HEARD: ("note", "users"),
    AppealState.DECIDED: ("good", "check"),
    AppealState.ENDED: ("", "ban"),
}
AGAINST = (AppealOutcome.REJECTED, AppealOutcome.UPHELD)


@dataclass(frozen=True, slots=True)
class AppealShown:
    """The page. `why_not_form`: why the person may not form the panel now; `outcome` in words, empty before."""

    appeal: Appeal
    badge: Badge
    outcome: str
    seats: tuple[Seat, ...]
    review: BoardReview | None
    is_open: bool
    why_not_form: str | None


def badge_of_appeal(appeal: Appeal) -> Badge:
    """Return the state of the appeal as a badge; a decision against it is no good news."""
    tone, icon = TONES[AppealState(appeal.state)]
    if appeal.outcome in AGAINST:
        tone, icon = "bad", "x"
    return Badge(
        tone, icon, APPEAL_OUTCOMES[appeal.outcome] if appeal.outcome else APPEAL_STATES[appeal.state]
    )


def appeal_shown(actor: User, appeal: Appeal, now: datetime) -> AppealShown:
    """Return the page of the appeal."""
    seats: tuple[Seat, ...] = ()
    review = None
    if appeal.panel_id is not None:
        seats = tuple(
            Seat.objects.filter(board=appeal.panel_id, until__isnull=True)
            .select_related("person")
            .order_by("role", "id")
        )
        review = next(
            (row for row in appeal.request.board_reviews.all() if row.board_id == appeal.panel_id), None
        )
    return AppealShown(
        appeal=appeal,
        badge=badge_of_appeal(appeal),
        outcome=str(APPEAL_OUTCOMES[appeal.outcome]) if appeal.outcome else "",
        seats=seats,
        review=review,
        is_open=appeal.state in OPEN,
        why_not_form=why_not_form_appeal(actor, appeal, now),
    )
