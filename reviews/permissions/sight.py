"""Who sees a request, who sees its deliberation, and how an act fetches and locks it."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role, has_role
from registry.models import CardAuthor
from reviews.models import (
    BoardReview,
    ClockSpan,
    Condition,
    Contributor,
    Declaration,
    Letter,
    NothingToDeclare,
    Recusal,
    ReviewRequest,
)
from reviews.permissions.containers import Containers, containers_of
from reviews.permissions.reasons import WrongPerson
from reviews.permissions.standing import read_standing, standing_of, why_conflicted
from reviews.rules.lifecycle import RequestState

SEES_SUBMITTED = (Role.LEGAL, Role.SAFETY_LEAD)
TO_ROUTE = (RequestState.SUBMITTED, RequestState.TRIAGE)
WITH_SECRETARY = (RequestState.DRAFT, *TO_ROUTE)
"""States of a request, submitted at least once, in which every secretary sees it: also while it is returned."""
TO_SHIP = (
    RequestState.APPROVED,
    RequestState.RELEASED,
    RequestState.SUSPENDED,
    RequestState.EXPIRED,
    RequestState.SUPERSEDED,
)


def boards_of(user: User, now: datetime) -> frozenset[int]:
    """Return the boards whose requests the person sees: by a seat in force or a grant."""
    return containers_of(user, now).boards


def visible_to(user: User, now: datetime, containers: Containers | None = None) -> "QuerySet[ReviewRequest]":
    """Return the requests that the person may see; an auditor's engagement counts through its grants.

    Drafts are seen by who works on them. Containers (boards, projects) are read first, because there are few; a page
    that has read them already passes them on.
    """
    if not user.is_active:
        return ReviewRequest.objects.none()
    reached = containers or containers_of(user, now)
    return ReviewRequest.objects.filter(_own(user) | (_seen(user, reached) & ~Q(submitted_at=None)))


def submitted_or_own(user: User) -> Q:
    """Return the condition for requests that the person may see at all: drafts are their authors'."""
    return Q(submitted_at__isnull=False) | _own(user)


def _own(user: User) -> Q:
    parts = Contributor.objects.filter(person=user)
    return Q(requester=user) | Q(pk__in=parts.values("request_id"))


def _seen(user: User, reached: Containers) -> Q:
    seen = Q(pk__in=Condition.objects.filter(Q(owner=user) | Q(verifier=user)).values("decision__request_id"))
    if reached.boards:
        seen |= Q(pk__in=BoardReview.objects.filter(board_id__in=reached.boards).values("request_id"))
    if reached.whole_projects:
        seen |= Q(project_id__in=reached.whole_projects)
    if reached.narrowed:
        seen |= reached.narrowed.within
    if has_role(user, *SEES_SUBMITTED):
        seen |= Q(submitted_at__isnull=False)
    if has_role(user, Role.SECRETARY):
        seen |= Q(state__in=WITH_SECRETARY)
    if has_role(user, Role.RELEASE_MANAGER):
        seen |= Q(state__in=TO_SHIP)
    return seen


def request_to_read(user: User, request_id: int, now: datetime) -> ReviewRequest:
    """Return the request, or raise Http404: absent and forbidden look the same."""
    request = (
        visible_to(user, now)
        .select_related("version__model__project", "project", "requester")
        .filter(pk=request_id)
        .first()
    )
    if request is None:
        raise Http404
    return request


def request_for_page(user: User, reference: str, now: datetime) -> ReviewRequest:
    """Return the request of this reference with all that its page says of it, or raise Http404.

    What the person is to it is read along, from the same containers, and so are the boards' reviews. Annotated:
    `paused_since`, from when the clock stands (None: it runs), `has_interests_to_judge`: some are declared, and
    `told_interests`: the person declared an interest in it, or that there is none; `has_card_authors`: the version's
    card names somebody.
    """
    reached = containers_of(user, now)
    paused = ClockSpan.objects.filter(request=OuterRef("pk"), state="paused", until__isnull=True)
    reviews = BoardReview.objects.select_related("board", "revision").defer("revision__content")
    request = (
        visible_to(user, now, reached)
        .filter(reference=reference)
        .select_related(
            "version__model__project",
            "version__manifest",
            "requester",
            "triage__confirmed_by",
            "amends",
            "renews",
        )
        .defer("version__manifest__text")
        .prefetch_related(Prefetch("board_reviews", reviews))
        .annotate(
            paused_since=Subquery(paused.values("since")[:1]),
            has_letters=Exists(Letter.objects.filter(request=OuterRef("pk"))),
            has_interests_to_judge=Exists(
                Declaration.objects.filter(request=OuterRef("pk"), judged_at__isnull=True)
            ),
            told_interests=_told_interests(user),
            has_card_authors=Exists(CardAuthor.objects.filter(version=OuterRef("version"))),
        )
        .first()
    )
    if request is None:
        raise Http404
    read_standing(user, request, reached)
    return request


def _told_interests(user: User) -> Q:
    said = NothingToDeclare.objects.filter(request=OuterRef("pk"), person=user)
    declared = Declaration.objects.filter(request=OuterRef("pk"), person=user)
    return Exists(said) | Exists(declared)


def request_to_change(user: User, request_id: int, now: datetime) -> ReviewRequest:
    """Return the request with its row locked, or raise Http404.

    Every act on a request takes this lock first. It closes the races of two last votes, of a vote with the closing,
    and of two boards that decide in one moment: whoever comes second sees what the first one did.
    """
    found = visible_to(user, now).filter(pk=request_id)
    request = found.select_related("requester").select_for_update(of=("self",)).first()
    if request is None:
        raise Http404
    return request


def why_not_see_deliberation(actor: User, request: ReviewRequest, now: datetime) -> str | None:
    """Return why the person may not see what the boards say among themselves, and how they vote; None if they may."""
    standing = standing_of(actor, request, now)
    if reason := why_conflicted(standing):
        return reason
    if standing.has_role(Role.LEGAL, Role.SAFETY_LEAD):
        return None
    if any(standing.sits_on(board) for board in standing.boards):
        return None
    if any(standing.is_secretary_of(board) for board in standing.boards) or standing.boards & standing.reads:
        return None
    return WrongPerson(_("What the boards say among themselves is for their members."))


def why_not_read_decisions(actor: User, request: ReviewRequest, now: datetime) -> str | None:
    """Return why somebody who sees the request may not read what boards decided about it: who is recused may not."""
    standing = standing_of(actor, request, now)
    return None if standing.is_asking else why_conflicted(standing)


def decisions_kept_from(user: User) -> "QuerySet[ReviewRequest, int] | None":
    """Return the requests that the person may see without reading what was decided; None: there are none.

    It is `may_read_record` as a queryset: kept from who is recused, and from line managers of who asks. One query.
    """
    has_reports = User.objects.filter(line_manager=user)
    if (
        not Recusal.objects.filter(person=user)
        .order_by()
        .values("pk")
        .union(has_reports.values("pk"))
        .exists()
    ):
        return None
    kept = ReviewRequest.objects.filter(_out_of(user)).exclude(_own(user))
    return kept.order_by().values_list("pk", flat=True)


def requests_conflicted(user: User) -> "QuerySet[ReviewRequest, int]":
    """Return the requests on whose judging the person has to keep out: they ask, they are recused, or lead who asks."""
    return ReviewRequest.objects.filter(_own(user) | _out_of(user)).order_by().values_list("pk", flat=True)


def _out_of(user: User) -> Q:
    manages = Q(requester__line_manager=user) | Q(parts__person__line_manager=user)
    return Q(recusals__person=user) | manages


def may_read_record(actor: User, request_id: str, now: datetime) -> bool:
    """Say whether the person may read the records of a request: whoever sees it, except who is recused from it."""
    request = visible_to(actor, now).filter(pk=request_id).select_related("requester").first()
    if request is None:
        return False
    standing = standing_of(actor, request, now)
    return standing.is_asking or not standing.conflicts
