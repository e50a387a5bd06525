"""Letters about an appeal: that it came, and what its panel decided; in the language of the request's boards."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from reviews.models import Appeal, Board
from reviews.rules.letter_kinds import LetterKind
from reviews.selectors.calendar import local_day
from reviews.selectors.panel_words import APPEAL_OUTCOMES
from reviews.services.letters import write_letter


def confirm_receipt(appeal: Appeal, board: Board, now: datetime) -> None:
    """Confirm that the appeal came, with until when it is decided. `board` leads the request."""
    with override(board.language or appeal.request.language):
        said = {
            "against": _against(appeal),
            "grounds": appeal.grounds,
            "decide_by": local_day(appeal.due_at, board).isoformat(),
        }
    write_letter(
        kind=LetterKind.APPEAL_RECEIVED, request=appeal.request, about=appeal, decision=appeal.decision, said=said,
        now=now,
    )  # fmt: skip


def tell_outcome(appeal: Appeal, reasons: str, now: datetime) -> None:
    """Tell what the panel decided, with its reasons; what has to be signed is told when it is."""
    panel = appeal.panel
    assert panel is not None, "a constraint of appeals"
    with override(panel.language or appeal.request.language):
        said = {
            "against": _against(appeal),
            "panel": panel.name,
            "result": str(APPEAL_OUTCOMES[appeal.outcome]),
            "reasons": reasons,
        }
    write_letter(
        kind=LetterKind.APPEAL_DECIDED, request=appeal.request, about=appeal,
        decision=appeal.led_to or appeal.decision, said=said, now=now,
    )  # fmt: skip


def _against(appeal: Appeal) -> str:
    if appeal.suspension_id is not None:
        return _("the suspension of the approval (decision {number})").format(number=appeal.decision.number)
    return _("decision {number}, which rejected the request").format(number=appeal.decision.number)
