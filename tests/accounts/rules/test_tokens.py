"""What an ID token has to show before anybody believes it (OpenID Connect Core 1.0, 3.1.3.7)."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from accounts.organisation.tokens import NotTrusted, claims_of
from tests.accounts import provider
from tests.accounts.provider import CLIENT, es256, jwks, rs256

ISSUER = "https://id.example.org"
NOW = int(time.time())
TRUE = {"iss": ISSUER, "aud": CLIENT, "sub": "h-1", "iat": NOW, "exp": NOW + 300, "nonce": "n"}


def claims(token: str, keys: dict[str, Any] | None = None, nonce: str = "n") -> dict[str, Any]:
    return claims_of(token, keys=keys or jwks(), issuer=ISSUER, client_id=CLIENT, nonce=nonce)


@pytest.mark.parametrize("sign", [rs256, es256])
def test_a_true_token_is_believed(sign: Callable[..., str]) -> None:
    assert claims(sign(TRUE))["sub"] == "h-1"
    assert claims(sign(TRUE | {"aud": [CLIENT]}))["sub"] == "h-1"
    assert claims(sign(TRUE | {"aud": [CLIENT, "api"], "azp": CLIENT}))["sub"] == "h-1"
    assert claims(sign(TRUE | {"exp": NOW - 30, "iat": NOW + 30}))["sub"] == "h-1", (
        "clocks may differ a little"
    )


@pytest.mark.parametrize(
    "lie",
    [
        {"nonce": "of another browser"}, {"nonce": None}, {"nonce": ""}, {"iss": "https://evil.example"},
        {"iss": None}, {"iss": ISSUER + "/"}, {"aud": "another client"}, {"aud": None}, {"aud": []},
        {"aud": [CLIENT, "another"]}, {"azp": "another client"}, {"exp": NOW - 120}, {"exp": None},
        {"iat": NOW + 3600}, {"iat": None}, {"nbf": NOW + 3600}, {"sub": None}, {"sub": ""}, {"sub": 7},
    ],
    ids=str,
)  # fmt: skip
def test_a_token_that_says_something_else_is_not(lie: dict[str, Any]) -> None:
    said = {name: value for name, value in (TRUE | lie).items() if value is not None}
    with pytest.raises(NotTrusted):
        claims(rs256(said))


@pytest.mark.parametrize(
    "sign",
    [
        "unsigned",
        "by_another",
        "by_an_unknown_name",
        "by_the_public_key_as_a_secret",
        "by_the_secret_of_the_client",
    ],
)
def test_a_token_that_the_provider_did_not_sign_is_not(sign: str) -> None:
    with pytest.raises(NotTrusted):
        claims(getattr(provider, sign)(TRUE))


@pytest.mark.parametrize("token", ["", "a.b.c", "nonsense", rs256(TRUE)[:-9], rs256(TRUE) + "A"])
def test_what_is_no_token_is_not(token: str) -> None:
    with pytest.raises(NotTrusted):
        claims(token)


def test_a_browser_that_began_nothing_has_no_nonce_to_compare() -> None:
    with pytest.raises(NotTrusted):
        claims(rs256(TRUE | {"nonce": ""}), nonce="")


@pytest.mark.parametrize(
    "keys", [{"keys": []}, {"keys": [{}]}, {"nothing": 1}, {"keys": [{"kid": "rsa", "kty": "x"}]}]
)
def test_without_the_key_nothing_is_believed(keys: dict[str, Any]) -> None:
    with pytest.raises(NotTrusted):
        claims(rs256(TRUE), keys)


def test_a_key_for_another_algorithm_proves_nothing() -> None:
    """A token that names the key of one algorithm and is signed by another one's."""
    with pytest.raises(NotTrusted):
        claims(rs256(TRUE, kid="ec"))
