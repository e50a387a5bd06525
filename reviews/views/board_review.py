"""One board's part in a request: its positions, motions and ballots, and what its members do before a ballot."""

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from reviews.forms.talking import DeferForm, PositionForm, ReasonForm
from reviews.models import BoardReview, ReviewRequest
from reviews.permissions import balloting, reviewing
from reviews.permissions.reasons import require
from reviews.permissions.sight import why_not_see_deliberation
from reviews.selectors.board_review_page import board_review_page
from reviews.services import blocks, positions, reading, staleness
from reviews.views.acting import asked, attempt, sent, to_page
from reviews.views.form_page import FormPage, show_form

Asked = tuple[User, ReviewRequest, BoardReview, datetime]


def review_asked(request: HttpRequest, reference: str, board: str) -> Asked:
    """Return who asks, the request, the review of the board in it, and the moment; raises Http404."""
    user, found, now = asked(request, reference)
    review = next((one for one in found.board_reviews.all() if one.board.slug == board), None)
    if review is None:
        raise Http404
    review.request = found
    return user, found, review, now


@require_safe
@login_required
def show_review(request: HttpRequest, reference: str, board: str) -> HttpResponse:
    """Show where the members stand, with their reasons, and the motions and ballots so far."""
    user, found, review, now = review_asked(request, reference, board)
    require(why_not_see_deliberation(user, found, now))
    page = board_review_page(user, review, now)
    return render(request, "reviews/board_review.html", {"page": page, "found": found, "review": review})


@login_required
@require_http_methods(["GET", "POST"])
def position(request: HttpRequest, reference: str, board: str) -> HttpResponse:
    """Say where one stands on the present revision, before any ballot."""
    user, found, review, now = review_asked(request, reference, board)
    page = FormPage(
        title=_("Where you stand on revision {number}").format(number=review.revision.number),
        intro=_("A position is no vote. The board sees it, and you may change it until the ballot."),
        button=_("Take this position"),
        done=_("Your position is noted."),
        why_not=reviewing.why_not_take_position(user, review, now),
    )
    form = PositionForm(sent(request))
    return show_form(
        request, found, page, form,
        lambda: positions.take_position(
            actor=user, review_id=review.pk, position=form.cleaned_data["position"],
            reason=form.cleaned_data["reason"], now=now,
        ),
        lambda: to_page("board_review", reference, board),
    )  # fmt: skip


@require_POST
@login_required
def affirm(request: HttpRequest, reference: str, board: str) -> HttpResponse:
    """Affirm one's last position for the present revision."""
    user, _found, review, now = review_asked(request, reference, board)
    act = _("Your position is affirmed for this revision.")
    attempt(request, lambda: staleness.affirm_position(actor=user, review_id=review.pk, now=now), act)
    return to_page("board_review", reference, board)


@login_required
@require_http_methods(["GET", "POST"])
def block(request: HttpRequest, reference: str, board: str) -> HttpResponse:
    """Take a blocking position before or beside a ballot."""
    user, found, review, now = review_asked(request, reference, board)
    page = FormPage(
        title=_("Take a blocking position"),
        intro=_(
            "Nothing is approved while it stands, whatever the count. Only you clear it, or an override ballot."
        ),
        button=_("Block the approval"),
        done=_("Your blocking position stands."),
        icon="hand-stop",
        why_not=balloting.why_not_block(user, review, now),
    )
    form = ReasonForm(sent(request), label=_("What you block, and what would settle it"))
    about = request.GET.get("about", "")[:60]
    return show_form(
        request, found, page, form,
        lambda: blocks.raise_block(
            actor=user, review_id=review.pk, text=form.cleaned_data["reason"], now=now, question_key=about
        ),
        lambda: to_page("request", reference),
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def defer(request: HttpRequest, reference: str, board: str) -> HttpResponse:
    """Have the review put off to a day, once for each member."""
    user, found, review, now = review_asked(request, reference, board)
    page = FormPage(
        title=_("Put the review off"),
        intro=_(
            "Each member may once, and names the day on which the board goes on. The clock stands until then."
        ),
        button=_("Put it off"),
        done=_("The review is put off."),
        icon="calendar-due",
        why_not=reviewing.why_not_defer(user, review, now),
    )
    form = DeferForm(sent(request))
    return show_form(
        request, found, page, form,
        lambda: reading.defer_review(actor=user, review_id=review.pk, now=now, **form.cleaned_data),
        lambda: to_page("board_review", reference, board),
    )  # fmt: skip


@require_POST
@login_required
def deliberate(request: HttpRequest, reference: str, board: str) -> HttpResponse:
    """Let the board go from reading to deliberating."""
    user, _found, review, now = review_asked(request, reference, board)
    done = _("The board deliberates.")
    attempt(request, lambda: reading.begin_deliberation(actor=user, review_id=review.pk, now=now), done)
    return to_page("board_review", reference, board)


@require_POST
@login_required
def resume(request: HttpRequest, reference: str, board: str) -> HttpResponse:
    """Let a deferred review go on before its day."""
    user, _found, review, now = review_asked(request, reference, board)
    done = _("The review goes on.")
    attempt(request, lambda: reading.resume_review(actor=user, review_id=review.pk, now=now), done)
    return to_page("board_review", reference, board)
