"""Coming in through a provider: the button, its pages, and the way back."""

from urllib.parse import urlsplit

import requests
from django.test import Client

from accounts.models import User
from tests.accounts.conftest import Answer, text_of
from tests.accounts.provider import CLIENT, SECRET

ENTER, CALLBACK = "/accounts/organisation/", "/accounts/organisation/callback/"
OIDC = {
    "client_id": CLIENT, "secret": SECRET, "name": "Lanternfield", "email_claim": "email", "name_claim": "name",
    "trusts_addresses": False, "creates": False, "scopes": ["openid", "profile", "email"],
}  # fmt: skip


def go(client: Client, **given: str) -> str:
    """Press the button, be let through by the provider, and return the address to which it leads back."""
    there = client.post(ENTER, given)
    assert there.status_code == 302, text_of(there)
    back = requests.get(there["Location"], allow_redirects=False, timeout=5)
    assert back.status_code == 302, back.text
    path = urlsplit(back.headers["Location"])
    assert f"{path.scheme}://{path.netloc}" == "http://localhost:8000"
    return f"{path.path}?{path.query}"


def come(client: Client, **given: str) -> Answer:
    return client.get(go(client, **given))


def is_in(client: Client, user: User) -> bool:
    return client.session.get("_auth_user_id") == str(user.pk)
