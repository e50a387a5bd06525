"""A passkey in software, which can also answer as no honest device would."""

import json
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from imprimatur.assertion import Assertion

ORIGIN = "http://localhost:8000"
_FLAG = AuthenticatorData.FLAG


@dataclass
class Device:
    """Holds one key; `count` is its counter, 0 for one that doesn't count."""

    rp_id: str = "localhost"
    origin: str = ORIGIN
    verifies: bool = True
    count: int = 1
    user_handle: str = ""
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    @property
    def public_key(self) -> bytes:
        """As COSE has it."""
        return cbor.encode(dict(self._cose()))

    def create(self, options: dict[str, Any]) -> str:
        """Answer a registration as a browser sends it."""
        asked = options["publicKey"]
        self.user_handle = asked["user"]["id"]
        key = self._cose()
        data = AttestedCredentialData.create(b"\0" * 16, self.credential_id, key)
        made = AuthenticatorData.create(self._site(), self._flags() | _FLAG.AT, self.count, data)
        return self._sent(
            clientDataJSON=self._client("webauthn.create", asked["challenge"]),
            attestationObject=AttestationObject.create("none", made, {}),
        )

    def get(self, options: dict[str, Any]) -> str:
        """Answer what is asked at signing in and at signing, as a browser sends it; the counter goes up."""
        made = self.assertion(options["publicKey"]["challenge"])
        return self._sent(
            clientDataJSON=made.client_data_json,
            authenticatorData=made.authenticator_data,
            signature=made.signature,
            userHandle=websafe_decode(self.user_handle),
        )

    def assertion(self, challenge: str) -> Assertion:
        """Sign the challenge (base64url)."""
        self.count += bool(self.count)
        client = self._client("webauthn.get", challenge)
        data = AuthenticatorData.create(self._site(), self._flags(), self.count)
        signature = self.key.sign(bytes(data) + sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return Assertion(self.credential_id, self.public_key, bytes(data), bytes(client), signature)

    def _cose(self) -> ES256:
        made: ES256 = ES256.from_cryptography_key(self.key.public_key())  # type: ignore[no-untyped-call]
        return made

    def _client(self, kind: str, challenge: str) -> bytes:
        return CollectedClientData.create(kind, challenge, self.origin)

    def _flags(self) -> Any:
        return _FLAG.UP | _FLAG.UV if self.verifies else _FLAG.UP

    def _site(self) -> bytes:
        return sha256(self.rp_id.encode()).digest()

    def _sent(self, **response: bytes) -> str:
        key = websafe_encode(self.credential_id)
        return json.dumps(
            {
                "id": key, "rawId": key, "type": "public-key",
                "clientExtensionResults": {"credProps": {"rk": True}},
                "response": {name: websafe_encode(value) for name, value in response.items()},
            }
        )  # fmt: skip
