"""By which rules a board decides: its policy in force under the request's procedure, or a ballot's own copy."""

from collections.abc import Iterable, Sequence

from reviews.models import Assignment, Ballot, BallotSeat, Board, BoardReview, Motion, Policy, Seat
from reviews.rules.clocks import Procedure
from reviews.rules.policy import BoardPolicy, parse, rules_for
from reviews.rules.procedures import ProcedureRules
from reviews.rules.recusal import ConflictRule
from reviews.rules.review_lifecycle import Matter
from reviews.rules.roster import SeatRole

_KEPT, _RULES = "_policy_in_force", "_rules"


def policy_in_force(board: Board) -> Policy | None:
    """Return the board's last policy; kept on the board's instance, so that a page asks once."""
    if _KEPT not in board.__dict__:
        board.__dict__[_KEPT] = Policy.objects.filter(board=board).order_by("-version").first()
    found: Policy | None = board.__dict__[_KEPT]
    return found


def procedure_of(review: BoardReview) -> str:
    """Return the procedure under which the board decides now; a panel, and what comes after an approval, is in full."""
    if review.matter != Matter.RELEASE or review.board.purpose != "standing":
        return Procedure.FULL.value
    return review.request.procedure or Procedure.FULL.value


def conflicts_in_force(board: Board) -> tuple[ConflictRule, ...]:
    """Return which rules of conflict the board's policy sets; by the defaults of a policy where it has none."""
    return board_rules(board).conflicts


def board_rules(board: Board) -> BoardPolicy:
    """Return the board's policy in force; the defaults where it has none."""
    kept = policy_in_force(board)
    return parse(kept.content) if kept else BoardPolicy()


def rules_of_review(review: BoardReview) -> BoardPolicy:
    """Return how the board would decide now; by the defaults of a policy where it has none."""
    kept = policy_in_force(review.board)
    return rules_for(parse(kept.content) if kept else BoardPolicy(), procedure_of(review))


def procedure_rules(review: BoardReview) -> ProcedureRules:
    """Return what the board's policy says about the procedure under which it decides now."""
    return rules_of_review(review).procedure(procedure_of(review))


def needs_seconder(motion: Motion) -> bool:
    """Say whether the motion waits for a seconder, by the procedure under which its board decides."""
    return not motion.seconded_by_id and procedure_rules(motion.review).seconder


def rules_of(ballot: Ballot) -> BoardPolicy:
    """Return the rules of a ballot: its own copy of the policy, under the procedure in which it was opened.

    Kept on the ballot's instance: the copy never changes, and a count asks for it several times.
    """
    if _RULES not in ballot.__dict__:
        ballot.__dict__[_RULES] = rules_for(parse(ballot.policy), ballot.procedure)
    found: BoardPolicy = ballot.__dict__[_RULES]
    return found


def reviewers_of(review: BoardReview, seats: Iterable[Seat | BallotSeat], needed: int) -> frozenset[int]:
    """Return who decides for the board in an expedited review: its readers, and the chair while they are too few.

    45 CFR 46.110: the chair, or one or more experienced members whom the chair designates. `seats` are those of people
    who may judge the request.
    """
    here = [seat for seat in seats if seat.role != SeatRole.ALTERNATE]
    readers = Assignment.objects.filter(review=review, ended_at__isnull=True).values_list(
        "person_id", flat=True
    )
    chosen = {seat.person_id for seat in here} & set(readers)
    if len(chosen) < needed:
        chosen |= {seat.person_id for seat in here if seat.role == SeatRole.CHAIR}
    return frozenset(chosen)


def boards_not_offering(boards: Sequence[Board], procedure: str) -> list[Board]:
    """Return the boards whose policy doesn't offer the procedure; one query."""
    if procedure == Procedure.FULL:
        return []
    rows = (
        Policy.objects.filter(board__in=boards)
        .order_by("board_id", "version")
        .values_list("board_id", "content")
    )
    last = {board: parse(content) for board, content in dict(rows).items()}
    return [board for board in boards if board.pk in last and not last[board.pk].procedure(procedure).offered]
