"""What waits about panels, for the pile of work: panels to form, an appeal that is heard, a provisional approval."""

from datetime import timedelta
from typing import Any

from reviews import models as rows
from tests.dossiers import NOW


def leave_panels(pile: Any) -> None:
    """Leave a listed activity without experts, appeals without a panel and with one, and a provisional approval."""
    expert = pile._review("reading").request
    expert.procedure = "expert"
    expert.save()
    _appeal(pile, pile._decision("rejected", "final"))
    _heard(pile)
    provisional = pile._decision("approved", "in_force")
    provisional.provisional = True
    provisional.save()
    child = pile._review("reading").request
    child.amends, child.is_full_review = provisional.request, True
    child.save()


def _appeal(pile: Any, decision: rows.Decision, **more: Any) -> rows.Appeal:
    return rows.Appeal.objects.create(
        request=decision.request, number=1, decision=decision, grounds="Read again.", filed_by=pile.other,
        filed_at=NOW, due_at=NOW + timedelta(days=28), state_since=NOW, **more,
    )  # fmt: skip


def _heard(pile: Any) -> None:
    """Leave the appeal of a suspension with a panel that the busy person chairs."""
    suspended = pile._decision("suspended", "in_force")
    suspension = rows.Suspension.objects.create(
        decision=suspended, from_state="approved", reason="It leaks.", suspended_by=pile.other, suspended_at=NOW,
        ratify_by=NOW + timedelta(days=5),
    )  # fmt: skip
    panel = rows.Board.objects.create(
        slug=f"appeal-{suspended.pk}", name_en="Appeal panel", name_zh="申诉审理组", kind="ethics", created_at=NOW,
        purpose="appeal", formed_for=suspended.request,
    )  # fmt: skip
    rows.Seat.objects.create(board=panel, person=pile.busy, role="chair", since=NOW)
    _appeal(
        pile,
        suspended,
        suspension=suspension,
        panel=panel,
        formed_by=pile.other,
        formed_at=NOW,
        state="heard",
    )
