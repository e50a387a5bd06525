"""Settings of the organisation's own provider for signing in (OpenID Connect), from the environment."""

from typing import Any
from urllib.parse import urlsplit

from config import env


def provider() -> dict[str, Any]:
    """Return who the provider is and which of its claims count; an empty issuer means that there is none."""
    issuer = env.text("IMPRIMATUR_OIDC_ISSUER", "")
    parts = urlsplit(issuer)
    if issuer and parts.scheme != "https" and parts.hostname not in {"localhost", "127.0.0.1"}:
        env.fault("IMPRIMATUR_OIDC_ISSUER", "must begin with https://")
    return {
        "issuer": issuer,
        "client_id": env.text("IMPRIMATUR_OIDC_CLIENT_ID", None if issuer else ""),
        "secret": env.text("IMPRIMATUR_OIDC_CLIENT_SECRET", None if issuer else ""),
        "name": env.text("IMPRIMATUR_OIDC_NAME", env.text("IMPRIMATUR_ORGANISATION", "Imprimatur")),
        "email_claim": env.text("IMPRIMATUR_OIDC_EMAIL_CLAIM", "email"),
        "name_claim": env.text("IMPRIMATUR_OIDC_NAME_CLAIM", "name"),
        "trusts_addresses": env.flag("IMPRIMATUR_OIDC_TRUSTS_ADDRESSES"),
        "creates": env.flag("IMPRIMATUR_OIDC_CREATES"),
        "scopes": env.words("IMPRIMATUR_OIDC_SCOPES", "openid,profile,email"),
    }


def social_providers(found: dict[str, Any]) -> dict[str, Any]:
    """Return the same as allauth wants it."""
    app = {
        "provider_id": "organisation",
        "name": found["name"],
        "client_id": found["client_id"],
        "secret": found["secret"],
        "settings": {"server_url": found["issuer"], "oauth_pkce_enabled": True, "scope": found["scopes"]},
    }
    return {
        "openid_connect": {
            "APPS": [app] if found["issuer"] else [],
            "provider_class": "accounts.organisation.provider.OrganisationProvider",
        }
    }


def form_targets(found: dict[str, Any]) -> list[str]:
    """Return to which origins a form may lead in the end: the button of the provider leads to its pages."""
    if not found["issuer"]:
        return []
    parts = urlsplit(found["issuer"])
    return [f"{parts.scheme}://{parts.netloc}", *env.words("IMPRIMATUR_OIDC_PAGES", "")]
