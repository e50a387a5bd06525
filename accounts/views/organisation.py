"""Signing in through the organisation's provider: there, and back."""

from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from requests import RequestException

from accounts.organisation.provider import ID, OrganisationAdapter, OrganisationCallback


@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Send the browser to the provider; 404 where none is set up."""
    _require_provider()
    try:
        provider = get_adapter().get_provider(request, ID)
        response: HttpResponse = provider.redirect(
            request, AuthProcess.LOGIN, next_url=get_next_redirect_url(request)
        )
    except (OAuth2Error, RequestException, KeyError, ValueError):
        return _unreachable(request)
    return response


@require_GET
def callback(request: HttpRequest) -> HttpResponse:
    """Let in whom the provider names."""
    _require_provider()
    try:
        response: HttpResponse = OrganisationCallback.adapter_view(OrganisationAdapter(request, ID))(request)
    except (RequestException, KeyError, ValueError):
        return _unreachable(request)
    return response


def _require_provider() -> None:
    if not settings.OIDC["issuer"]:
        raise Http404


def _unreachable(request: HttpRequest) -> HttpResponse:
    said = _("{organisation} can't be reached now. Try again in some minutes, or sign in with your password.")
    text = said.format(organisation=settings.OIDC["name"])
    return render(request, "accounts/organisation_refused.html", {"text": text}, status=503)
