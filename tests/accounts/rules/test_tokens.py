"""What an ID token has to show before anybody believes it (OpenID Connect Core 1.0, 3.1.3.7)."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from accounts.organisation.tokens import NotTrusted, claims_of
from tests.accounts import provider
from tests.accounts.provider import CLIENT, es256, jwks, rs256

ISSUER = "https://id.example.org"


def true() -> dict[str, Any]:
    """What a true token says now; the library that reads it asks the clock."""
    now = int(time.time())
    return {"iss": ISSUER, "aud": CLIENT, "sub": "h-1", "iat": now, "exp": now + 300, "nonce": "n"}


def claims(token: str, keys: dict[str, Any] | None = None, nonce: str = "n") -> dict[str, Any]:
    return claims_of(token, keys=keys or jwks(), issuer=ISSUER, client_id=CLIENT, nonce=nonce)


def moved(lie: dict[str, Any]) -> dict[str, Any]:
    """Return the lie with its times, which are told as seconds from now, as times."""
    now = int(time.time())
    return {k: now + v if k in {"exp", "iat", "nbf"} and v is not None else v for k, v in lie.items()}


@pytest.mark.parametrize("sign", [rs256, es256])
def test_a_true_token_is_believed(sign: Callable[..., str]) -> None:
    assert claims(sign(true()))["sub"] == "h-1"
    assert claims(sign(true() | {"aud": [CLIENT]}))["sub"] == "h-1"
    assert claims(sign(true() | {"aud": [CLIENT, "api"], "azp": CLIENT}))["sub"] == "h-1"
    assert claims(sign(true() | {"exp": true()["exp"] - 330, "iat": true()["iat"] + 30}))["sub"] == "h-1", (
        "clocks may differ a little"
    )


@pytest.mark.parametrize(
    "lie",
    [
        {"nonce": "of another browser"}, {"nonce": None}, {"nonce": ""}, {"iss": "https://evil.example"},
        {"iss": None}, {"iss": ISSUER + "/"}, {"aud": "another client"}, {"aud": None}, {"aud": []},
        {"aud": [CLIENT, "another"]}, {"azp": "another client"}, {"exp": -120}, {"exp": None},
        {"iat": +3600}, {"iat": None}, {"nbf": +3600}, {"sub": None}, {"sub": ""}, {"sub": 7},
    ],
    ids=str,
)  # fmt: skip
def test_a_token_that_says_something_else_is_not(lie: dict[str, Any]) -> None:
    said = {name: value for name, value in (true() | moved(lie)).items() if value is not None}
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
        claims(getattr(provider, sign)(true()))


def test_what_is_no_token_is_not() -> None:
    for token in ("", "a.b.c", "nonsense", rs256(true())[:-9], rs256(true()) + "A"):
        with pytest.raises(NotTrusted):
            claims(token)


def test_a_browser_that_began_nothing_has_no_nonce_to_compare() -> None:
    with pytest.raises(NotTrusted):
        claims(rs256(true() | {"nonce": ""}), nonce="")


@pytest.mark.parametrize(
    "keys", [{"keys": []}, {"keys": [{}]}, {"nothing": 1}, {"keys": [{"kid": "rsa", "kty": "x"}]}]
)
def test_without_the_key_nothing_is_believed(keys: dict[str, Any]) -> None:
    with pytest.raises(NotTrusted):
        claims(rs256(true()), keys)


def test_a_key_for_another_algorithm_proves_nothing() -> None:
    """A token that names the key of one algorithm and is signed by another one's."""
    with pytest.raises(NotTrusted):
        claims(rs256(true(), kid="ec"))
