"""A small OpenID provider of the tests' own, over HTTP: it keeps to the protocol, and lies on request.

Discovery, keys, authorisation code with PKCE (RFC 7636), tokens signed by real keys. Another provider that the tests
start as a process of its own is somebody else's work; this one is for what no provider does.
"""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CLIENT, SECRET = "imprimatur", "a secret of both"
RSA_KEY = rsa.generate_private_key(65537, 2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())
OTHER_KEY = rsa.generate_private_key(65537, 2048)


class Provider(ThreadingHTTPServer):
    """`claims` is who signs in there; `lie` changes what the token says, `sign` how it is signed."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.issuer = f"http://127.0.0.1:{self.server_port}"
        self.claims: dict[str, Any] = {}
        self.told_later: dict[str, Any] = {}
        self.discovered: dict[str, Any] = {}
        self.lie: Callable[[dict[str, Any]], dict[str, Any]] = dict
        self.sign: Callable[[dict[str, Any]], str] = rs256
        self.codes: dict[str, dict[str, str]] = {}

    def discovery(self) -> dict[str, Any]:
        """What it says of itself."""
        ways = {"token": "token", "authorization": "authorize", "userinfo": "userinfo", "end_session": "end"}
        found: dict[str, Any] = {f"{name}_endpoint": f"{self.issuer}/{path}" for name, path in ways.items()}
        found |= {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/jwks"}
        found["token_endpoint_auth_methods_supported"] = ["client_secret_basic"]
        return found | self.discovered

    def token(self, asked: dict[str, str]) -> str:
        """The ID token for a request."""
        now = int(time.time())
        said = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        return self.sign(self.lie(said | self.claims))


def rs256(claims: dict[str, Any], key: Any = RSA_KEY, kid: str = "rsa") -> str:
    return jwt.encode(claims, key, "RS256", headers={"kid": kid})


def es256(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, EC_KEY, "ES256", headers={"kid": "ec"})


def unsigned(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, "", "none", headers={"kid": "rsa"})


def by_another(claims: dict[str, Any]) -> str:
    return rs256(claims, OTHER_KEY)


def by_an_unknown_name(claims: dict[str, Any]) -> str:
    return rs256(claims, OTHER_KEY, "other")


def by_the_public_key_as_a_secret(claims: dict[str, Any]) -> str:
    """The old trick: HS256 with what everybody knows; written by hand, because the library refuses to."""
    public = RSA_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    parts = ({"alg": "HS256", "typ": "JWT", "kid": "rsa"}, claims)
    signed = b".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts)
    mac = base64.urlsafe_b64encode(hmac.digest(public, signed, "sha256")).rstrip(b"=")
    return (signed + b"." + mac).decode()


def by_the_secret_of_the_client(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, SECRET.ljust(32), "HS256", headers={"kid": "rsa"})


class _Handler(BaseHTTPRequestHandler):
    server: Provider

    def log_message(self, *_given: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/.well-known/openid-configuration":
            self._answer(self.server.discovery())
        elif parts.path == "/jwks":
            self._answer(jwks())
        elif parts.path == "/userinfo":
            self._answer({"sub": self.server.claims.get("sub")} | self.server.told_later)
        elif parts.path == "/authorize" and asked.get("code_challenge_method") == "S256":
            code = secrets.token_hex(8)
            self.server.codes[code] = asked
            self.send_response(302)
            back = urlencode({"code": code, "state": asked["state"]})
            self.send_header("Location", f"{asked['redirect_uri']}?{back}")
            self.end_headers()
        else:
            self._answer({"error": "invalid_request"}, 400)

    def do_POST(self) -> None:
        given = {name: values[0] for name, values in parse_qs(self._body()).items()}
        asked = self.server.codes.pop(given.get("code", ""), None)
        verifier = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if (
            asked is None
            or asked["code_challenge"] != base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
            or asked["redirect_uri"] != given.get("redirect_uri")
            or self.headers.get("Authorization") != f"Basic {basic}"
        ):
            self._answer({"error": "invalid_grant"}, 400)
            return
        self._answer({"access_token": "access", "token_type": "Bearer", "id_token": self.server.token(asked)})

    def _body(self) -> str:
        return self.rfile.read(int(self.headers["Content-Length"])).decode()

    def _answer(self, said: dict[str, Any], status: int = 200) -> None:
        content = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def jwks() -> dict[str, Any]:
    """The public keys."""
    return {"keys": [_jwk(RSA_KEY, "RS256", "rsa"), _jwk(EC_KEY, "ES256", "ec")]}


def _jwk(key: Any, alg: str, kid: str) -> dict[str, Any]:
    algorithm = jwt.algorithms.get_default_algorithms()[alg]
    found: dict[str, Any] = json.loads(algorithm.to_jwk(key.public_key()))
    return found | {"alg": alg, "kid": kid, "use": "sig"}


@contextmanager
def running() -> Iterator[Provider]:
    """Serve in a thread, until the end."""
    with Provider() as provider:
        thread = threading.Thread(target=provider.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield provider
        finally:
            provider.shutdown()
            thread.join()
