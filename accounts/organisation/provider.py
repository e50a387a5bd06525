"""The organisation's provider: allauth's OpenID Connect, with a nonce, and with tokens that are checked in full."""

import hashlib
import secrets
from typing import Any

import requests
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.organisation.tokens import NotTrusted, claims_of

ID = "organisation"


class OrganisationAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth has no types
    """What the provider says of itself, and who its answer names."""

    nonce = ""  # of the request that this browser began; the callback sets it

    @property
    def openid_config(self) -> dict[str, Any]:
        """What discovery says; raises OAuth2Error where it speaks for another issuer (Discovery 1.0, 4.3)."""
        config: dict[str, Any] = super().openid_config
        if config.get("issuer") != settings.OIDC["issuer"]:
            raise OAuth2Error("The discovery document is that of another issuer.")
        return config

    def get_callback_url(self, request: HttpRequest, app: object) -> str:  # noqa: ARG002  (allauth's shape)
        """The address that is registered at the provider."""
        return str(settings.BASE_URL) + reverse("organisation_callback")

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        """Return who the ID token names; raises OAuth2Error."""
        try:
            with get_adapter().get_requests_session() as session:
                answer = session.get(self.openid_config["jwks_uri"])
                answer.raise_for_status()
                keys = answer.json()
            claims = claims_of(
                str(kwargs["response"].get("id_token") or ""), keys=keys, issuer=settings.OIDC["issuer"],
                client_id=app.client_id, nonce=self.nonce,
            )  # fmt: skip
        except (NotTrusted, KeyError, ValueError) as error:
            raise OAuth2Error(str(error)) from error
        if not {settings.OIDC["email_claim"], "email_verified"} <= claims.keys():
            claims = self._more(token.token, claims)
        request.session["organisation_id_token"] = kwargs["response"]["id_token"]
        return self.get_provider().sociallogin_from_response(request, claims)

    def _more(self, access_token: str, claims: dict[str, Any]) -> dict[str, Any]:
        """Add what the provider tells at its userinfo endpoint, when it speaks of the same person (Core, 5.3.2)."""
        if "userinfo_endpoint" not in self.openid_config:
            return claims
        told = self._fetch_user_info(access_token)
        if told.get("sub") != claims["sub"]:
            raise OAuth2Error("The provider tells of another person than the token names.")
        more: dict[str, Any] = told | claims
        return more


class OrganisationProvider(OpenIDConnectProvider):  # type: ignore[misc]  # allauth has no types
    """Begins a sign-in with a nonce, and reads the claims that the settings name."""

    oauth2_adapter_class = OrganisationAdapter

    def redirect(self, request: HttpRequest, *given: object, **kwargs: object) -> HttpResponse:
        """Send the browser to the provider."""
        nonce = secrets.token_urlsafe(32)
        more = {"auth_params": {"nonce": nonce}, "nonce": nonce}
        response: HttpResponse = super().redirect(request, *given, **kwargs | more)
        return response

    def extract_uid(self, data: dict[str, Any]) -> str:
        """A person is known by issuer and subject together (Core, 2), here by a digest of both."""
        return hashlib.sha256(f"{data['iss']}\0{data['sub']}".encode()).hexdigest()

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Keep nothing of what the provider tells about people."""
        return {"issuer": data["iss"]}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        """Address and name, by the claims of the settings."""
        return {
            "email": data.get(settings.OIDC["email_claim"]),
            "email_verified": self._is_verified(data),
            "name": data.get(settings.OIDC["name_claim"]),
        }

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:  # noqa: ARG002  (allauth's shape)
        """None beside that one."""
        return []

    def _is_verified(self, data: dict[str, Any]) -> bool:
        return settings.OIDC["trusts_addresses"] or data.get("email_verified") is True


class OrganisationCallback(OAuth2CallbackView):  # type: ignore[misc]  # allauth has no types
    """Takes the provider's answer to the request that this browser began."""

    adapter: OrganisationAdapter

    def _get_state(self, request: HttpRequest, provider: object) -> tuple[Any, Any]:
        state, response = super()._get_state(request, provider)
        self.adapter.nonce = (state or {}).get("nonce", "")
        return state, response


def end_of_session(id_token: str) -> str:
    """Return the address at which the provider's own session ends (RP-Initiated Logout 1.0), or "" if it has none."""
    try:
        with get_adapter().get_requests_session() as session:
            config = session.get(
                f"{settings.OIDC['issuer'].rstrip('/')}/.well-known/openid-configuration"
            ).json()
    except (requests.RequestException, ValueError):
        return ""
    endpoint = config.get("end_session_endpoint", "")
    if not endpoint.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        return ""
    asked = requests.Request(
        "GET", endpoint,
        params={"id_token_hint": id_token, "post_logout_redirect_uri": settings.BASE_URL + reverse("account_login")},
    )  # fmt: skip
    return asked.prepare().url or ""
