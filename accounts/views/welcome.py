"""Coming in: by an invitation, or as the first administrator."""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.forms.welcome import FirstForm, WelcomeForm
from accounts.invitations import open_invitation
from accounts.models import User
from accounts.services.first_administrator import is_valid, make_first_administrator
from accounts.services.invitation import accept_invitation
from audit.refusal import Refused


@never_cache
@sensitive_post_parameters("password", "password_again")
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest, invitation_id: int, token: str) -> HttpResponse:
    """Let an invited person choose name, password, language and time zone, and sign them in."""
    now = timezone.now()
    invitation = open_invitation(invitation_id, token, now)
    if invitation is None:
        return _closed(request)
    guest = invitation.person
    known = {"display_name": guest.display_name, "language": guest.language, "time_zone": guest.time_zone}
    form = WelcomeForm(request.POST or None, person=guest, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            person = accept_invitation(invitation_id=invitation_id, token=token, now=now, **form.chosen())
        except Refused:
            return _closed(request)
        return _sign_in(request, person)
    return render(
        request, "accounts/welcome.html", {"form": form, "guest": guest, "inviter": invitation.made_by}
    )


@never_cache
@sensitive_post_parameters("password", "password_again")
@require_http_methods(["GET", "POST"])
def first_administrator(request: HttpRequest, token: str) -> HttpResponse:
    """Let whoever runs the server become the first administrator."""
    if not is_valid(token):
        return _closed(request)
    form = FirstForm(request.POST or None, initial={"language": "en", "time_zone": "UTC"})
    if request.method == "POST" and form.is_valid():
        try:
            person = make_first_administrator(token=token, now=timezone.now(), **form.chosen())
        except Refused:
            return _closed(request)
        return _sign_in(request, person)
    return render(request, "accounts/first_administrator.html", {"form": form})


def _closed(request: HttpRequest) -> HttpResponse:
    """The link opens nothing: used, withdrawn, too old or mistyped look the same."""
    return render(request, "accounts/welcome_closed.html", status=404)


def _sign_in(request: HttpRequest, person: User) -> HttpResponse:
    """Sign the person in by the password that they just chose, and nobody else who was signed in here before."""
    request.session.flush()
    response: HttpResponse = perform_password_login(
        request, {"email": person.email}, Login(user=person, email=person.email)
    )
    return response
