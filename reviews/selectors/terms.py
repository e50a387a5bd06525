"""The term of a deadline under the policy that held at a moment, with the policy's version."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property

from reviews.models import Board, Policy
from reviews.rules.explaining import DateKind, SourcedTerm
from reviews.rules.policy import BoardPolicy, parse
from reviews.rules.terms import term_for


class Policies:
    """The policies of some boards, all versions, read once when first needed."""

    def __init__(self, boards: Iterable[int]) -> None:
        self._boards = frozenset(boards)

    @cached_property
    def _versions(self) -> dict[int, list[Policy]]:
        found: dict[int, list[Policy]] = {}
        rows = Policy.objects.filter(board__in=self._boards).select_related("board").order_by("-version")
        for policy in rows if self._boards else ():
            found.setdefault(policy.board_id, []).append(policy)
        return found

    def versions_of(self, board: int) -> Sequence[Policy]:
        """Return the versions of the board's policy, the oldest first, each with its board."""
        return self._versions.get(board, [])[::-1]

    def at(self, board: Board | None, moment: datetime) -> tuple[BoardPolicy, int]:
        """Return the policy that held then with its version; the defaults and 0 for none."""
        versions = self._versions.get(board.pk, []) if board else []
        held = next((policy for policy in versions if policy.made_at <= moment), None)
        return (parse(held.content), held.version) if held else (BoardPolicy(), 0)

    def term(
        self, kind: DateKind, board: Board | None, moment: datetime, procedure: str = ""
    ) -> SourcedTerm | None:
        """Return the term that held then, or None for a date that somebody chooses."""
        policy, version = self.at(board, moment)
        return term_for(kind, policy, procedure=procedure, version=version)


def term_at(kind: DateKind, board: Board | None, moment: datetime, procedure: str = "") -> SourcedTerm | None:
    """Return the term that held at the moment under the board's policy; one query."""
    return Policies([board.pk] if board else []).term(kind, board, moment, procedure)
