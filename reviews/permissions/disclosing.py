"""Who discloses their interests, who sees what others disclosed, and who judges a line of it for a request."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role, has_role
from reviews.models import Ballot, Board, DisclosedInterest, Disclosure, ReviewRequest, Seat
from reviews.permissions.containers import containers_of
from reviews.permissions.policies import rules_of
from reviews.permissions.reasons import NotNow, WrongPerson
from reviews.permissions.standing import Standing, standing_of, why_conflicted
from reviews.rules.disclosure import check_disclosure
from reviews.rules.policy import BoardPolicy
from reviews.rules.roster import SeatRole

DISCLOSE = (Role.SECRETARY, Role.LEGAL, Role.SAFETY_LEAD)


def why_not_disclose(actor: User) -> str | None:
    """Return why the person discloses nothing: those do who judge, or look after who judges."""
    if has_role(actor, *DISCLOSE) or Seat.objects.filter(person=actor, until__isnull=True).exists():
        return None
    return WrongPerson(_("Interests are disclosed by members and secretaries of boards, and by legal staff."))


def why_undisclosed(person_id: int, ballot: Ballot, now: datetime) -> str | None:
    """Return that the person can't vote because no disclosure of theirs counts, where the ballot's policy asks for one.

    One query, none where the policy doesn't ask.
    """
    return why_undisclosed_by(person_id, rules_of(ballot), now)


def why_undisclosed_by(person_id: int, policy: BoardPolicy, now: datetime) -> str | None:
    """Return that no disclosure of the person counts, where this policy asks for one."""
    if not policy.declaration_required or not policy.declaration_months:
        return None
    last = (
        Disclosure.objects.filter(person=person_id).order_by("-id").values_list("made_at", flat=True).first()
    )
    found = check_disclosure(months=policy.declaration_months, last=last, asked_since=now, now=now)
    if found.is_there:
        return None
    return NotNow(
        _(
            "Disclose your interests first, or that there are none: the policy of the board asks for it before a vote."
        )
    )


def why_not_see_disclosures(actor: User, board: Board, now: datetime) -> str | None:
    """Return why the person may not see who of the board has disclosed what: its chair and its secretaries may."""
    reached = containers_of(actor, now)
    keeps = board.pk in reached.keeps and has_role(actor, Role.SECRETARY)
    if actor.is_active and (keeps or reached.seats.get(board.pk) == SeatRole.CHAIR):
        return None
    return WrongPerson(_("The chair and the secretaries of the board see who has disclosed their interests."))


def boards_led(standing: Standing) -> frozenset[int]:
    """Return those of the request's boards that the person chairs or keeps; none for who has to keep out."""
    if standing.conflicts:
        return frozenset()
    return frozenset(b for b in standing.boards if standing.is_chair_of(b) or standing.is_secretary_of(b))


def why_not_judge_disclosed(
    actor: User, request: ReviewRequest, interest: DisclosedInterest, now: datetime
) -> str | None:
    """Return why the person may not judge the disclosed interest for the request."""
    standing = standing_of(actor, request, now)
    if interest.disclosure.person_id == actor.pk:
        return WrongPerson(_("Somebody else judges your interest."))
    if reason := why_conflicted(standing):
        return reason
    if not boards_led(standing):
        return WrongPerson(_("A chair or a secretary judges declared interests."))
    return None
