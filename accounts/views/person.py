"""One person, for administrators: what is known, roles, and what can be done."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.forms.people import OptionalReasonForm, PersonForm, ReasonForm
from accounts.models import User
from accounts.permissions import (
    person_to_administer,
    require_administrator,
    why_not_deactivate,
    why_not_reset_second_factor,
    why_not_unlock_signing,
)
from accounts.roles import Role
from accounts.selectors import person_file
from accounts.services.deactivation import deactivate, reactivate
from accounts.services.invitation import invite_again
from accounts.services.profile import change_person
from accounts.services.roles import give_role, take_role
from accounts.services.second_factor import reset_second_factor
from accounts.services.sessions import end_sessions
from accounts.services.signing_lock import unlock_signing
from accounts.views.acting import attempt

P = ParamSpec("P")


@login_required
@require_GET
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """Show the person."""
    assert isinstance(request.user, User)
    return _page(request, person_to_administer(request.user, person_id))


def _page(request: HttpRequest, shown: User, form: PersonForm | None = None) -> HttpResponse:
    assert isinstance(request.user, User)
    context = {
        "shown": shown,
        "file": person_file(shown, timezone.now()),
        "form": form or PersonForm(person=shown),
        "reset_form": ReasonForm(prefix="reset"),
        "unlock_form": ReasonForm(prefix="unlock"),
        "why_not_unlock": why_not_unlock_signing(request.user, shown),
        "deactivation_form": OptionalReasonForm(prefix="deactivate"),
        "why_not_reset": why_not_reset_second_factor(request.user, shown),
        "why_not_deactivate": why_not_deactivate(request.user, shown),
    }
    return render(request, "accounts/person.html", context)


def _act(
    view: Callable[Concatenate[HttpRequest, User, int, P], None],
) -> Callable[Concatenate[HttpRequest, int, P], HttpResponse]:
    """A POST by an administrator that ends on the person's page."""

    @login_required
    @require_POST
    @wraps(view)
    def acting(request: HttpRequest, person_id: int, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        assert isinstance(request.user, User)
        require_administrator(request.user)
        view(request, request.user, person_id, *args, **kwargs)
        return redirect("accounts:person", person_id)

    return acting  # type: ignore[return-value]  # wraps keeps the name that the inner view has


@login_required
@require_POST
def change(request: HttpRequest, person_id: int) -> HttpResponse:
    """Change name, line manager, deputy."""
    assert isinstance(request.user, User)
    user, shown = request.user, person_to_administer(request.user, person_id)
    form = PersonForm(request.POST, person=shown)
    if not form.is_valid():
        return _page(request, shown, form)
    attempt(
        request,
        lambda: change_person(actor=user, person_id=person_id, values=form.cleaned_data, now=timezone.now()),
        _("Changed."),
    )
    return redirect("accounts:person", person_id)


@_act
def give(request: HttpRequest, actor: User, person_id: int, role: str) -> None:
    """Give a role."""
    given = Role(role)
    attempt(
        request,
        lambda: give_role(actor=actor, person_id=person_id, role=given, now=timezone.now()),
        _("Role given."),
    )


@_act
def take(request: HttpRequest, actor: User, person_id: int, role: str) -> None:
    """Take a role."""
    taken = Role(role)
    attempt(
        request,
        lambda: take_role(actor=actor, person_id=person_id, role=taken, now=timezone.now()),
        _("Role taken."),
    )


@_act
def end(request: HttpRequest, actor: User, person_id: int) -> None:
    """End the person's sessions."""
    attempt(
        request,
        lambda: end_sessions(actor=actor, person_id=person_id, now=timezone.now()),
        _("All sessions were ended."),
    )


@_act
def reset_codes(request: HttpRequest, actor: User, person_id: int) -> None:
    """Reset a lost second factor."""
    reason = request.POST.get("reset-reason", "")
    attempt(
        request,
        lambda: reset_second_factor(actor=actor, person_id=person_id, reason=reason, now=timezone.now()),
        _(
            "The second factor was reset, and the person told by mail. They set up a new one when they sign in."
        ),
    )


@_act
def unlock(request: HttpRequest, actor: User, person_id: int) -> None:
    """Unlock signing."""
    reason = request.POST.get("unlock-reason", "")
    attempt(
        request,
        lambda: unlock_signing(actor=actor, person_id=person_id, reason=reason, now=timezone.now()),
        _("Signing is unlocked, and the person told by mail."),
    )


@_act
def let_go(request: HttpRequest, actor: User, person_id: int) -> None:
    """Deactivate the person."""
    reason = request.POST.get("deactivate-reason", "")
    attempt(
        request,
        lambda: deactivate(actor=actor, person_id=person_id, reason=reason, now=timezone.now()),
        _("Deactivated. Everything that this person did stays in the record."),
    )


@_act
def let_in(request: HttpRequest, actor: User, person_id: int) -> None:
    """Let a deactivated person in again."""
    attempt(
        request,
        lambda: reactivate(actor=actor, person_id=person_id, now=timezone.now()),
        _("They can sign in again."),
    )


@_act
def send_again(request: HttpRequest, actor: User, person_id: int) -> None:
    """Send a new invitation."""
    attempt(
        request,
        lambda: invite_again(actor=actor, person_id=person_id, now=timezone.now()),
        _("A new invitation is on its way; the link before no longer works."),
    )
