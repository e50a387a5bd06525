"""Telling who leads a board that something a member disclosed seems to meet a request; they judge it."""

from collections.abc import Collection
from datetime import datetime

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from reminders.notices import notify
from reviews.models import BoardReview, Disclosure, ReviewRequest
from reviews.permissions.standing import parties_of
from reviews.rules.lifecycle import RequestState
from reviews.selectors.addresses import interests_address
from reviews.selectors.interest_hints import Hint, hints_on
from reviews.selectors.waiting.office import office_at
from reviews.selectors.waiting.wording import title_of

KIND = "interest.hint"


def tell_of_hints(request: ReviewRequest, boards: Collection[int], now: datetime) -> None:
    """Tell chair and secretaries of each board of the hints on its members, each line once; in the caller's
    transaction.
    """
    found = {board: hints for board in boards if (hints := hints_on(request, [board], without=0))}
    if not found:
        return
    office, parties = office_at(now), parties_of(request)
    for board, hints in found.items():
        leaders = office.leaders_of(board, parties)
        for person in User.objects.filter(pk__in=leaders, is_active=True).order_by("pk"):
            for hint in hints:
                if hint.person.pk != person.pk:
                    _tell(person, request, hint, now)


def tell_of_disclosure(disclosure: Disclosure, now: datetime) -> None:
    """Tell of what somebody disclosed while their boards review requests that it seems to meet."""
    if disclosure.none:
        return
    reviews = BoardReview.objects.filter(
        board__seats__person=disclosure.person_id, board__seats__until__isnull=True,
        request__state=RequestState.IN_REVIEW,
    ).exclude(state="closed")  # fmt: skip
    for review in reviews.select_related("request__version__model__project", "request__requester"):
        tell_of_hints(review.request, [review.board_id], now)


def _tell(person: User, request: ReviewRequest, hint: Hint, now: datetime) -> None:
    notify(
        person=person, kind=KIND, obj=request, once=f"hint-{hint.interest.pk}", now=now,
        subject=format_lazy(_("An interest to judge: {request}"), request=title_of(request)),
        body=format_lazy(
            _("{person} disclosed an interest whose name stands in this request. Judge whether it is a conflict."),
            person=hint.person.display_name,
        ),
        url=interests_address(request.reference),
    )  # fmt: skip
