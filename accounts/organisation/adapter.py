"""What allauth does with whom the provider named, our way: nobody signs themself up, and no token is kept."""

import logging
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.services.organisation import Named, let_in
from audit.refusal import Refused

logger = logging.getLogger(__name__)


class OrganisationAccounts(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Who comes in."""

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:  # noqa: ANN401  (allauth's)
        """Find the person whom the provider named, or show why they stay out."""
        addresses = sociallogin.email_addresses
        named = Named(
            provider=sociallogin.account.provider,
            uid=sociallogin.account.uid,
            issuer=sociallogin.account.extra_data["issuer"],
            email=addresses[0].email if addresses else "",
            is_verified=bool(addresses and addresses[0].verified),
            name=str(sociallogin.user.display_name or ""),
        )
        try:
            linked = let_in(named, timezone.now())
        except Refused as refusal:
            raise ImmediateHttpResponse(_shown(request, str(refusal), 403)) from refusal
        sociallogin.account, sociallogin.user = linked, linked.user

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Any:  # noqa: ANN401, ARG002
        """Keep the name, for somebody who is made."""
        sociallogin.user.display_name = str(data.get("name") or "")
        return sociallogin.user

    def is_open_for_signup(self, request: HttpRequest, sociallogin: object) -> bool:  # noqa: ARG002
        """Nobody signs themself up here either."""
        return False

    def on_authentication_error(
        self,
        request: HttpRequest,
        *_provider: object,
        error: str = "",
        exception: object = None,
        **_more: object,
    ) -> None:
        """Show in a sentence that it didn't work, and log why."""
        logger.warning("Sign-in by the organisation's provider failed: %s %s", error, exception)
        said = _("{organisation} did not confirm who you are. Begin again, or sign in with your password.")
        text = said.format(organisation=settings.OIDC["name"])
        raise ImmediateHttpResponse(_shown(request, text, 401))


def _shown(request: HttpRequest, text: str, status: int) -> Any:  # noqa: ANN401
    return render(request, "accounts/organisation_refused.html", {"text": text}, status=status)
