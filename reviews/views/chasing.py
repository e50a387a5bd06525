"""Keeping a request moving: reminding somebody now, and moving a date with a reason."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.selectors import people_by_id
from audit.selectors import whole_number
from reviews.forms.deadlines import MoveDateForm
from reviews.models import Condition
from reviews.permissions.chasing import why_not_remind
from reviews.permissions.deadlines import review_of, why_not_move_date
from reviews.permissions.reasons import require
from reviews.permissions.sight import why_not_see_deliberation
from reviews.rules.deadlines import DeadlineKind
from reviews.selectors.deadlines import dates_of, due_of, label_of, rows_of
from reviews.services.chasing import remind_now
from reviews.services.deadlines import move_date
from reviews.views.acting import asked, attempt, forbid, sent, to_page
from reviews.views.form_page import FormPage, show_form


@require_POST
@login_required
def remind(request: HttpRequest, reference: str) -> HttpResponse:
    """Remind a person of what waits for them, and go back to what others hold."""
    user, found, now = asked(request, reference)
    forbid(why_not_remind(user, found, now))
    kind, object_id, given = (request.POST.get(name, "") for name in ("kind", "object", "person"))
    person_id = whole_number(given) or 0
    person = people_by_id([person_id]).get(person_id)
    done = _("{person} was reminded: it stands in their inbox, and a mail is on its way.")
    attempt(
        request,
        lambda: remind_now(
            actor=user, request_id=found.pk, kind=kind, object_id=object_id, person_id=person_id, now=now
        ),
        done.format(person=person.display_name if person else ""),
    )
    return redirect("/#with-others")


@require_safe
@login_required
def show_dates(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the dates of the request, and which of them the person may move."""
    user, found, now = asked(request, reference)
    return render(
        request, "reviews/dates.html", {"found": found, "dates": dates_of(user, found, now), "now": now}
    )


@login_required
@require_http_methods(["GET", "POST"])
def change_date(request: HttpRequest, reference: str, kind: str, thing_id: int) -> HttpResponse:
    """Move one date, with a reason."""
    user, found, now = asked(request, reference)
    thing = (
        rows_of(DeadlineKind(kind), found).filter(pk=thing_id).first() if kind in list(DeadlineKind) else None
    )
    if thing is None:
        raise Http404
    review_of(thing).request = found
    if kind == DeadlineKind.BALLOT:
        require(why_not_see_deliberation(user, found, now))
    form = MoveDateForm(sent(request), of_a_day=isinstance(thing, Condition))
    page = FormPage(
        title=_("Move the date"),
        intro=label_of(thing),
        button=_("Move the date"),
        done=_("The date is moved, and whom it concerns is told."),
        icon="calendar-due",
        why_not=why_not_move_date(user, thing, now),
        template="reviews/date.html",
        more={"due": due_of(thing), "board": review_of(thing).board},
    )

    def act() -> None:
        given = form.cleaned_data
        move_date(
            actor=user, request_id=found.pk, kind=kind, key=thing_id, day=given["day"], at=given.get("at"),
            reason=given["reason"], now=now,
        )  # fmt: skip

    return show_form(request, found, page, form, act, lambda: to_page("dates", reference))
