"""A person's own account."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.attempts import is_locked
from accounts.forms.profile import ProfileForm
from accounts.models import User
from accounts.proofs import Passkey
from accounts.roles import roles_of
from accounts.second_factor import needs_second_factor
from accounts.selectors import tokens_of
from accounts.services.calendar import end_calendar_key, make_calendar_key
from accounts.services.profile import change_profile
from accounts.services.sessions import end_own_session
from accounts.words import role_word
from audit.refusal import Refused

_CALENDAR = "calendar_address"


@login_required
@require_http_methods(["GET", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    """Show and change the account."""
    assert isinstance(request.user, User)
    form = ProfileForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        try:
            changed = change_profile(actor=request.user, values=form.cleaned_data, now=timezone.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _changed(request, changed, language="language" in form.changed_data)
    context = {"form": form, "calendar_address": request.session.pop(_CALENDAR, "")}
    return render(request, "accounts/me.html", context | _door(request.user))


@require_POST
@login_required
def make_calendar(request: HttpRequest) -> HttpResponse:
    """Make the address of the person's calendar; their page shows it, once."""
    assert isinstance(request.user, User)
    key = make_calendar_key(actor=request.user, now=timezone.now())
    request.session[_CALENDAR] = request.build_absolute_uri(reverse("desk:calendar", args=[key]))
    return redirect("accounts:me")


@require_POST
@login_required
def end_calendar(request: HttpRequest) -> HttpResponse:
    """End the address; programs that still ask for it are told that there is nothing."""
    assert isinstance(request.user, User)
    if end_calendar_key(actor=request.user, now=timezone.now()):
        messages.success(request, _("The address of your calendar no longer works."))
    return redirect("accounts:me")


def _changed(request: HttpRequest, changed: bool, language: bool) -> HttpResponse:
    """Say so; a new language of the account counts more than what this browser chose before."""
    messages.success(request, _("Your account was changed.") if changed else _("Nothing was different."))
    response = redirect("accounts:me")
    if language:
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
    return response


def _door(user: User) -> dict[str, object]:
    """What the page says about signing in."""
    kinds = set(Authenticator.objects.filter(user_id=user.pk).values_list("type", flat=True))
    return {
        "has_codes": Authenticator.Type.TOTP in kinds,
        "has_recovery_codes": Authenticator.Type.RECOVERY_CODES in kinds,
        "needs_codes": needs_second_factor(user, timezone.now()),
        "passkeys": Passkey.objects.filter(person=user, authenticator__isnull=False),
        "locked": is_locked(user),
        "tokens": sum(token.is_working for token in tokens_of(user, timezone.now())),
        "sessions": UserSession.objects.filter(user_id=user.pk).count(),
        "has_calendar": bool(user.calendar_sha256),
        "roles": [role_word(name) for name in sorted(roles_of(user))],
    }


@login_required
@require_POST
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """End one of one's own sessions elsewhere."""
    assert isinstance(request.user, User)
    end_own_session(actor=User.objects.get(pk=request.user.pk), session_id=session_id, now=timezone.now())
    messages.success(request, _("The session was ended."))
    return redirect("usersessions_list")
