"""Forming a panel for one request: a board with its seats, its policy and its keepers, for experts or an appeal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from accounts.models import User
from accounts.second_factor import has_second_factor, needs_second_factor
from accounts.services.sessions import end_all
from audit import trail
from audit.refusal import Refused
from records.canonical import canonical, digest
from reviews.models import Board, BoardGroupGrant, BoardUserGrant, Policy, ReviewRequest, Seat
from reviews.permissions.containers import KEEP
from reviews.rules.boards_together import BoardKind
from reviews.rules.panels import BoardPurpose, PanelProblem, problems_of_panel
from reviews.rules.policy import BoardPolicy, as_json
from reviews.rules.roster import SeatAttribute, SeatRole
from reviews.selectors.candidates import FROM_OUTSIDE, Screened, asked, people_named
from reviews.selectors.panel_words import reasons_in_words


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whom the secretary chose, and who of them chairs (ids of people).

    `attributes`: what somebody is (lay, external, ...), where the secretary says more than their seats do.
    """

    people: tuple[int, ...]
    chair: int
    attributes: Mapping[int, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Planned:
    """A panel as it is to be formed; `base` is the board beside which, or for which, it sits."""

    request: ReviewRequest
    purpose: BoardPurpose
    kind: BoardKind
    base: Board
    policy: BoardPolicy
    minimum: int
    number: int


def form(plan: Planned, chosen: Chosen, held: Screened, actor: User, now: datetime) -> Board:
    """Make the panel that was planned, with one event; for the service that forms it, which has locked the request."""
    people = _screened(plan, chosen, held, now)
    attributes = _attributes(plan, people, held.known, chosen.attributes)
    _check(plan, chosen, attributes)
    panel = _board(plan, now)
    grants = _keepers(plan.base, panel)
    policy = _policy(plan.policy, panel, actor, now)
    seats = [
        Seat.objects.create(
            board=panel,
            person=person,
            role=SeatRole.CHAIR if person.pk == chosen.chair else SeatRole.MEMBER,
            attributes=sorted(attributes.get(person.pk, frozenset())),
            since=now,
            seated_by=actor,
        )
        for person in people
    ]
    trail.record(
        "panel.formed", obj=plan.request, actor=actor, now=now, also=[panel, policy, *grants, *seats],
        personal={f"person_{place}": person.display_name for place, person in enumerate(people, start=1)},
        data={
            "purpose": plan.purpose.value, "board": panel.pk, "policy_sha256": policy.sha256,
            "people": [str(person.pseudonym) for person in people],
        },
    )  # fmt: skip
    for person in people:
        if person.pk == chosen.chair and needs_second_factor(person, now) and not has_second_factor(person):
            end_all(person)
    return panel


def _screened(plan: Planned, chosen: Chosen, held: Screened, now: datetime) -> list[User]:
    """Return the people in the order in which they were chosen; raises Refused naming who can't be, and why."""
    found = {person.pk: person for person in people_named(chosen.people)}
    people = [found[key] for key in dict.fromkeys(chosen.people) if key in found]
    why_not = [
        _("{person}: {reason}.").format(person=one.person.display_name, reason=reasons_in_words(one.reasons))
        for one in asked(people, plan.request, plan.base, held, now)
        if one.reasons
    ]
    if why_not:
        raise Refused(" ".join(why_not))
    return people


def _attributes(
    plan: Planned,
    people: Sequence[User],
    known: Mapping[int, frozenset[str]],
    said: Mapping[int, frozenset[str]],
) -> Mapping[int, frozenset[str]]:
    """Return what is said of each person's seat: experts are experts from outside, others what their seats say."""
    always = FROM_OUTSIDE if plan.purpose == BoardPurpose.EXPERTS else frozenset()
    allowed = frozenset(code.value for code in SeatAttribute)
    return {
        person.pk: (always | known.get(person.pk, frozenset()) | said.get(person.pk, frozenset())) & allowed
        for person in people
    }


def _check(plan: Planned, chosen: Chosen, attributes: Mapping[int, frozenset[str]]) -> None:
    problems = problems_of_panel(
        chosen.people,
        chosen.chair,
        minimum=plan.minimum,
        quorum=plan.policy.quorum,
        composition=plan.policy.composition,
        attributes=attributes,
    )
    words = {
        PanelProblem.TOO_FEW: ngettext(
            "The panel needs {count} person.", "The panel needs {count} people.", plan.minimum
        ).format(count=plan.minimum),
        PanelProblem.NO_CHAIR: _("Say who of the people chosen chairs the panel."),
        PanelProblem.NOT_QUORATE: _(
            "With so few people the panel would have no quorum by the board's policy."
        ),
        PanelProblem.NOT_COMPOSED: _(
            "The board's policy asks for people of other kinds too (lay, external, non-technical). Choose some."
        ),
    }
    if problems:
        raise Refused(" ".join(words[problem] for problem in problems))


NAMES = {
    BoardPurpose.EXPERTS: ("experts", "Expert panel {reference}", "专家复核组 {reference}"),
    BoardPurpose.APPEAL: ("appeal", "Appeal panel {reference}", "申诉审理组 {reference}"),
}
"""Short name and names of a panel in both languages, which are kept with it."""


def _board(plan: Planned, now: datetime) -> Board:
    slug, english, chinese = NAMES[plan.purpose]
    reference = plan.request.reference
    again = f" ({plan.number})" if plan.number > 1 else ""
    base = plan.base
    panel = Board(
        slug=f"{slug}-{reference.lower()}" + (f"-{plan.number}" if plan.number > 1 else ""),
        name_en=english.format(reference=reference) + again,
        name_zh=chinese.format(reference=reference) + again,
        kind=plan.kind,
        language=base.language,
        time_zone=base.time_zone,
        country=base.country,
        subdivision=base.subdivision,
        created_at=now,
        purpose=plan.purpose,
        formed_for=plan.request,
    )
    panel.save()
    return panel


def _keepers(base: Board, panel: Board) -> list[BoardGroupGrant | BoardUserGrant]:
    """Let those keep the panel who keep the board, with the same end."""
    groups = BoardGroupGrant.objects.filter(content_object=base, permission__codename=KEEP)
    users = BoardUserGrant.objects.filter(content_object=base, permission__codename=KEEP)
    return [
        *(
            BoardGroupGrant.objects.create(
                content_object=panel, group_id=kept.group_id, permission_id=kept.permission_id,
                valid_until=kept.valid_until,
            )
            for kept in groups
        ),
        *(
            BoardUserGrant.objects.create(
                content_object=panel, user_id=kept.user_id, permission_id=kept.permission_id,
                valid_until=kept.valid_until,
            )
            for kept in users
        ),
    ]  # fmt: skip


def _policy(policy: BoardPolicy, panel: Board, actor: User, now: datetime) -> Policy:
    content = as_json(policy)
    with override(panel.language or "en"):
        reason = _("Written when the panel was formed, from the policy of the board.")
    return Policy.objects.create(
        board=panel, version=1, content=content, sha256=digest(canonical(content)), made_by=actor, made_at=now,
        reason=reason,
    )  # fmt: skip
