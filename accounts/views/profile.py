"""A person's own account."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms.profile import ProfileForm
from accounts.models import User
from accounts.roles import roles_of
from accounts.second_factor import needs_second_factor
from accounts.services.profile import change_profile
from accounts.services.sessions import end_own_session
from accounts.words import role_word
from audit.refusal import Refused


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
    return render(request, "accounts/me.html", {"form": form} | _door(request.user))


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
        "sessions": UserSession.objects.filter(user_id=user.pk).count(),
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
