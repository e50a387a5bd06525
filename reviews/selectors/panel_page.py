"""The page on which a panel is formed: who can be chosen, who can't and why, and what the panel needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from reviews.models import Appeal, Board, ReviewRequest
from reviews.permissions import panels as permissions
from reviews.permissions.policies import board_rules
from reviews.rules.appeals import round_of_appeal
from reviews.rules.clocks import Procedure
from reviews.rules.panel_policy import appeal_policy, experts_policy
from reviews.rules.panels import APPEAL_MINIMUM, BoardPurpose
from reviews.selectors.appeals import before_appeal, leading_board
from reviews.selectors.candidates import (
    Asked,
    asked,
    people_to_ask,
    screen_for_appeal,
    screen_for_experts,
)
from reviews.selectors.panel_words import reasons_in_words
from reviews.selectors.panels import has_expert_panel
from reviews.selectors.policy_in_words import policy_in_words
from reviews.selectors.request_rows import reviews_of_last_round
from reviews.selectors.words import SEAT_ATTRIBUTES

LISTED = 100


@dataclass(frozen=True, slots=True)
class Offered:
    """Somebody on the page; `attributes`: code, word, whether their seats say so; `why_not`: empty if they can be."""

    key: int
    name: str
    attributes: tuple[tuple[str, str, bool], ...]
    why_not: str


@dataclass(frozen=True, slots=True)
class PanelPage:
    """The page. `sentences` are the panel's policy in words; `why_not` says why the person may not form it now."""

    request: ReviewRequest
    purpose: BoardPurpose
    appeal: Appeal | None
    base: Board
    minimum: int
    free: tuple[Offered, ...]
    kept_out: tuple[Offered, ...]
    sentences: tuple[str, ...]
    why_not: str | None
    words: str
    more: bool

    @property
    def choosable(self) -> list[tuple[int, str]]:
        """Return who can be chosen, as choices of a form."""
        return [(one.key, one.name) for one in self.free]


def experts_page(actor: User, request: ReviewRequest, now: datetime, words: str = "") -> PanelPage:
    """Return the page for the panel of outside experts."""
    base = leading_board(request)
    policy = board_rules(base)
    minimum = policy.procedure(Procedure.EXPERT).panel_minimum
    why_not = permissions.why_not_form_experts(
        actor, request, now, minimum=minimum, formed=has_expert_panel(request)
    )
    held = screen_for_experts(actor, request, now)
    people, more = _people(BoardPurpose.EXPERTS, held.known, words)
    return _page(
        request, BoardPurpose.EXPERTS, None, base, minimum, asked(people, request, base, held, now),
        tuple(policy_in_words(experts_policy(policy))), why_not, words, more,
    )  # fmt: skip


def appeal_page(actor: User, appeal: Appeal, now: datetime, words: str = "") -> PanelPage:
    """Return the page for the panel that hears the appeal."""
    request = appeal.request
    base = base_of(appeal)
    held = screen_for_appeal(actor, appeal, now)
    people, more = _people(BoardPurpose.APPEAL, held.known, words)
    return _page(
        request, BoardPurpose.APPEAL, appeal, base, APPEAL_MINIMUM, asked(people, request, base, held, now),
        tuple(policy_in_words(appeal_policy(board_rules(base)))),
        permissions.why_not_form_appeal(actor, appeal, now), words, more,
    )  # fmt: skip


def base_of(appeal: Appeal) -> Board:
    """Return the board for which the panel sits: that rejected the request, or that leads it."""
    if appeal.suspension_id is not None or appeal.panel_id is not None:
        return leading_board(appeal.request)
    before = list(reviews_of_last_round(appeal.request))
    replaced = round_of_appeal(before_appeal(before)).replaced
    return next(review.board for review in before if review.board_id in replaced)


def _people(
    purpose: BoardPurpose, known: Mapping[int, frozenset[str]], words: str
) -> tuple[list[User], bool]:
    found = list(people_to_ask(purpose, known, words)[: LISTED + 1])
    return found[:LISTED], len(found) > LISTED


def _page(
    request: ReviewRequest, purpose: BoardPurpose, appeal: Appeal | None, base: Board, minimum: int,
    found: list[Asked], sentences: tuple[str, ...], why_not: str | None, words: str, more: bool,
) -> PanelPage:  # fmt: skip
    return PanelPage(
        request=request,
        purpose=purpose,
        appeal=appeal,
        base=base,
        minimum=minimum,
        free=tuple(_offered(one) for one in found if not one.reasons),
        kept_out=tuple(_offered(one) for one in found if one.reasons),
        sentences=sentences,
        why_not=why_not,
        words=words,
        more=more,
    )


def _offered(one: Asked) -> Offered:
    return Offered(
        one.person.pk,
        one.person.display_name or _("(no name)"),
        tuple((code, str(word), code in one.attributes) for code, word in SEAT_ATTRIBUTES.items()),
        reasons_in_words(one.reasons),
    )
