"""What an ID token has to show before anybody believes it (OpenID Connect Core 1.0, 3.1.3.7).

The signature is always checked, also where the token came straight from the provider, and the nonce ties the token to
the browser that began.
"""

from collections.abc import Mapping
from hmac import compare_digest
from typing import Any

import jwt

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures by a key that only the provider has: never `none`, never one with a secret that we have, too."""
LEEWAY = 60  # seconds by which clocks may differ


class NotTrusted(Exception):  # noqa: N818  (it's an answer, not a fault)
    """The provider's answer proves nobody; the text says why, for a log."""


def claims_of(
    token: str, *, keys: Mapping[str, Any], issuer: str, client_id: str, nonce: str
) -> dict[str, Any]:
    """Return the claims of an ID token that holds; raises NotTrusted.

    `keys` is the provider's JWK set (RFC 7517); `nonce` the one of the request that this browser began.
    """
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in ALGORITHMS:
            raise NotTrusted("The token is signed in a way that is not accepted.")
        key = _key_of(header, keys)
        claims: dict[str, Any] = jwt.decode(
            token, key, algorithms=[header["alg"]], audience=client_id, issuer=issuer, leeway=LEEWAY,
            options={"require": ["iss", "sub", "aud", "exp", "iat"], "strict_aud": False},
        )  # fmt: skip
    except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
        raise NotTrusted(f"The token doesn't hold: {error}") from error
    audiences = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if claims.get("azp", client_id) != client_id or (len(audiences) > 1 and "azp" not in claims):
        raise NotTrusted("The token was made for another party, too.")
    if not nonce or not compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise NotTrusted("The token answers another request: its nonce is not ours.")
    if not isinstance(claims["sub"], str) or not claims["sub"]:
        raise NotTrusted("The token names nobody.")
    return claims


def _key_of(header: Mapping[str, Any], keys: Mapping[str, Any]) -> Any:  # noqa: ANN401  (of any kind of key)
    """Return the provider's key that the token names; the only one, where it names none."""
    fitting = [
        one
        for one in keys["keys"]
        if one.get("use", "sig") == "sig" and ("kid" not in header or one.get("kid") == header["kid"])
    ]
    if len(fitting) != 1:
        raise NotTrusted("The provider has no key of the token's name.")
    return jwt.PyJWK(fitting[0], algorithm=fitting[0].get("alg") or header["alg"]).key
