"""Who may be named in a discussion of a request: the people who take part in it and may read what is said there."""

from datetime import datetime

from django.db.models import Q

from accounts.grants import in_force
from accounts.models import User
from accounts.roles import Role
from reviews.models import BoardGroupGrant, BoardReview, BoardUserGrant, ReviewRequest, Seat
from reviews.permissions.containers import KEEP
from reviews.permissions.standing import parties_of
from reviews.rules.recusal import conflicts_of

JUDGE = (Role.LEGAL, Role.SAFETY_LEAD)


def readers_of(request: ReviewRequest, audience: str, now: datetime) -> list[User]:
    """Return the active people by name who may read "everyone", "board" or "privileged" talk; four queries at most.

    Who is recused, or else has to keep out of judging, is left out of all; so are auditors, who only look on.
    """
    if audience == "private":
        return []
    parties = parties_of(request)
    asking = {parties.requester, *parties.contributors}
    found = Q(groups__name=Role.LEGAL) if audience == "privileged" else _judging(request, now)
    if audience == "everyone":
        found |= Q(pk__in=asking)
    people = User.objects.filter(found, is_active=True).distinct().order_by("display_name", "pk")
    return [
        person
        for person in people
        if (audience == "everyone" and person.pk in asking) or not conflicts_of(person.pk, parties)
    ]


def _judging(request: ReviewRequest, now: datetime) -> Q:
    """Return who sees what the boards say: their members and secretaries, legal staff and safety leads."""
    boards = list(BoardReview.objects.filter(request=request).values_list("board_id", flat=True))
    kept = Q(in_force(now), permission__codename=KEEP, content_object__in=boards)
    keeping = Q(pk__in=BoardUserGrant.objects.filter(kept).values("user")) | Q(
        groups__in=BoardGroupGrant.objects.filter(kept).values("group")
    )
    secretaries = User.objects.filter(keeping, groups__name=Role.SECRETARY)
    seats = Seat.objects.filter(board__in=boards, until__isnull=True)
    return (
        Q(pk__in=seats.values("person"))
        | Q(groups__name__in=[role.value for role in JUDGE])
        | Q(pk__in=secretaries.values("pk"))
    )
