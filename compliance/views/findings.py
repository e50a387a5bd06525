"""Findings and the actions that mend them."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from audit.spreadsheets import csv_download
from compliance.forms.findings import ActionForm, ChangeForm, FindingForm
from compliance.models import Action
from compliance.permissions import assessment_to_read
from compliance.permissions.findings import finding_to_read, why_not_add
from compliance.selectors.actions import WHICH_ACTIONS, Whose, action_lines, action_list, actions_of
from compliance.selectors.finding_page import finding_page
from compliance.selectors.libraries import control_of
from compliance.services import actions
from compliance.services.findings import comment_on_control, plan_action, raise_finding, withdraw_finding
from compliance.views.acting import attempt, carry_out, person


@require_GET
@login_required
def action_list_page(request: HttpRequest) -> HttpResponse:
    """List actions, with the picture of how they burn down; the address is the filter."""
    asked, mine = request.GET.get("which", ""), request.GET.get("whose") == "mine"
    which = Whose(asked) if asked in set(Whose) else Whose.OPEN
    page = action_list(person(request), which, timezone.now(), mine=mine)
    context = {"page": page, "which": which, "mine": mine, "kinds": WHICH_ACTIONS.items()}
    return render(request, "compliance/action_list.html", context)


@require_safe
@login_required
def actions_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Hand out all actions that the person may see as rows."""
    columns = [
        pgettext("of a checklist", "Finding"), _("Severity"), _("Library"), _("Control"), _("About"), _("Action"),
        _("Who"), _("Until"), _("State"), _("Planned"), _("Done"), _("Settled"),
    ]  # fmt: skip
    now = timezone.now()
    return csv_download(f"actions-{now:%Y-%m-%d}", columns, action_lines(person(request), now))


@require_safe
@login_required
def weeks_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Hand out how actions burn down as rows."""
    now = timezone.now()
    points = [column.point for column in action_list(person(request), Whose.OPEN, now).columns]
    lines = ([point.day.isoformat(), point.in_time, point.late, point.ahead] for point in points)
    columns = [_("Week to"), _("in time"), _("overdue"), _("ahead")]
    return csv_download(f"actions-by-week-{now:%Y-%m-%d}", columns, lines)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def raise_one(request: HttpRequest, assessment_id: int, number: str) -> HttpResponse:
    """Raise a finding about a control."""
    user, now = person(request), timezone.now()
    about = assessment_to_read(user, assessment_id, now)
    form = FindingForm(request.POST if request.method == "POST" else None)
    raised = carry_out(
        form,
        lambda: raise_finding(
            actor=user, assessment_id=about.pk, number=number, severity=form.cleaned_data["severity"],
            text=form.cleaned_data["text"], action=form.planned(), now=now,
        ),
    )  # fmt: skip
    if raised:
        messages.success(request, _("The finding is raised, and the action has an owner and a day."))
        return redirect("compliance:finding", raised.pk)
    context = {
        "assessment": about, "control": control_of(about, number), "form": form,
        "why_not": why_not_add(user, about),
    }  # fmt: skip
    return render(request, "compliance/raise_finding.html", context, status=422 if form.errors else 200)


@require_GET
@login_required
def finding(request: HttpRequest, finding_id: int) -> HttpResponse:
    """Show a finding, its actions, and what this person can do."""
    user, now = person(request), timezone.now()
    page = finding_page(user, finding_id, now)
    plan_form = ActionForm()
    people = list(plan_form.fields["owner"].choices)  # type: ignore[attr-defined]
    change_forms = {
        shown.action.pk: ChangeForm(
            initial={"owner": shown.action.owner_id, "due": shown.action.due},
            prefix=f"a{shown.action.pk}",
            people=people,
        )
        for shown in page.actions
        if shown.can_change
    }
    rows = [(shown, change_forms.get(shown.action.pk)) for shown in page.actions]
    context = {"page": page, "rows": rows, "plan_form": plan_form if page.why_not_plan is None else None}
    return render(request, "compliance/finding_page.html", context)


@require_POST
@login_required
def plan(request: HttpRequest, finding_id: int) -> HttpResponse:
    """Add an action to a finding."""
    user, now, form = person(request), timezone.now(), ActionForm(request.POST)
    found = finding_to_read(user, finding_id, now)
    if not form.is_valid():
        messages.error(request, _("Say what is to be done, who does it, and until which day."))
        return redirect("compliance:finding", found.pk)
    planned = form.planned()
    attempt(
        request,
        lambda: plan_action(actor=user, finding_id=found.pk, action=planned, now=now),
        _("The action is planned."),
    )
    return redirect("compliance:finding", found.pk)


@require_POST
@login_required
def withdraw(request: HttpRequest, finding_id: int) -> HttpResponse:
    """Withdraw a finding that is none."""
    user, now = person(request), timezone.now()
    found = finding_to_read(user, finding_id, now)
    reason = request.POST.get("reason", "")
    attempt(
        request,
        lambda: withdraw_finding(actor=user, finding_id=found.pk, reason=reason, now=now),
        _("The finding is withdrawn. It is kept, with the reason."),
    )
    return redirect("compliance:finding", found.pk)


@require_POST
@login_required
def comment(request: HttpRequest, assessment_id: int, number: str) -> HttpResponse:
    """Comment on a control."""
    user, now = person(request), timezone.now()
    about = assessment_to_read(user, assessment_id, now)
    text = request.POST.get("text", "")
    attempt(
        request,
        lambda: comment_on_control(actor=user, assessment_id=about.pk, number=number, text=text, now=now),
        _("Your comment stands beside the control."),
    )
    return redirect(f"{reverse('compliance:assessment', args=[about.pk])}#{number}")


@require_POST
@login_required
def report(request: HttpRequest, action_id: int) -> HttpResponse:
    """Report an action as done."""
    return _act(request, action_id, actions.report_action, _("It waits to be verified now."), says="report")


@require_POST
@login_required
def verify(request: HttpRequest, action_id: int) -> HttpResponse:
    """Verify an action."""
    return _act(request, action_id, actions.verify_action, _("The action is verified."))


@require_POST
@login_required
def give_back(request: HttpRequest, action_id: int) -> HttpResponse:
    """Give an action back to its owner."""
    return _act(request, action_id, actions.return_action, _("The owner has it again."), says="reason")


@require_POST
@login_required
def drop(request: HttpRequest, action_id: int) -> HttpResponse:
    """Drop an action."""
    return _act(request, action_id, actions.drop_action, _("The action is dropped."), says="reason")


@require_POST
@login_required
def change(request: HttpRequest, action_id: int) -> HttpResponse:
    """Give an action another owner or day."""
    action = _action(request, action_id)
    form = ChangeForm(request.POST, prefix=f"a{action_id}")
    if not form.is_valid():
        messages.error(request, _("Name a person and a day, and say why."))
        return redirect("compliance:finding", action.finding_id)
    given = form.cleaned_data
    changed = partial(actions.change_action, owner=given["owner"], due=given["due"], reason=given["why"])
    return _act(request, action_id, changed, _("The action is changed."))


def _action(request: HttpRequest, action_id: int) -> Action:
    return get_object_or_404(actions_of(person(request), timezone.now()), pk=action_id)


def _act(
    request: HttpRequest, action_id: int, act: Callable[..., Action], done: str, *, says: str = ""
) -> HttpResponse:
    """Do something with an action; `says` is the field of the words that it needs."""
    user, now, action = person(request), timezone.now(), _action(request, action_id)
    words = {says: request.POST.get(says, "")} if says else {}
    attempt(request, lambda: act(actor=user, action_id=action.pk, now=now, **words), done)
    return redirect("compliance:finding", action.finding_id)
