"""Keys on a token or HSM, reached through PKCS#11: a session for each process, opened when it first signs.

Nothing here runs before a worker has its children: what a PKCS#11 module holds doesn't survive a fork. A PIN that was
refused isn't tried again in the same process, because tokens lock themselves after a few wrong ones.
"""

import os
import threading
from collections.abc import Mapping, Sequence

from asn1crypto import x509
from django.utils.translation import gettext as _
from pkcs11 import Session, lib
from pkcs11.exceptions import PinIncorrect, PinInvalid, PinLenRange, PKCS11Error, UserAlreadyLoggedIn
from pyhanko.sign.pkcs11 import PKCS11Signer

from records.seal.refusal import NotReady

_Key = tuple[int, str, str]
_lock = threading.RLock()
_sessions: dict[_Key, Session] = {}
_refused: set[tuple[_Key, str]] = set()


class TokenSigner(PKCS11Signer):
    """Signs on the token, one signature at a time; a session that broke is opened anew for the next one."""

    def __init__(
        self, session: Session, token: Mapping[str, str], others: Sequence[x509.Certificate]
    ) -> None:
        super().__init__(
            session,
            cert_label=token["certificate"],
            key_label=token["key"],
            ca_chain=others,
            use_raw_mechanism=True,  # what all tokens know: they sign a digest that is made here
        )
        self._token = token

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """Sign; raises NotReady when the token doesn't."""
        if dry_run:
            return bytes(await super().async_sign_raw(data, digest_algorithm, dry_run=True))
        with _lock:
            try:
                return bytes(await super().async_sign_raw(data, digest_algorithm))
            except PKCS11Error as fault:
                _forget(self._token)
                raise NotReady(_told(self._token, fault)) from fault


def signer_on(token: Mapping[str, str], others: Sequence[x509.Certificate], where: str) -> TokenSigner:
    """Return the signer whose key is on the token; `others` are the issuers of its certificate. Raises NotReady."""
    with _lock:
        try:
            return _signer(token, others)
        except NotReady:
            raise
        except (PKCS11Error, RuntimeError, OSError):
            _forget(token)  # the token may have been away meanwhile: once more, with a new session
        try:
            return _signer(token, others)
        except (PKCS11Error, RuntimeError, OSError) as fault:
            _forget(token)
            raise NotReady(f"{where}: {_told(token, fault)}") from fault


def _signer(token: Mapping[str, str], others: Sequence[x509.Certificate]) -> TokenSigner:
    signer = TokenSigner(_session(token), token, others)
    assert signer.signing_cert is not None  # this loads the certificate and the key, or raises
    return signer


def _session(token: Mapping[str, str]) -> Session:
    key = _key(token)
    if key not in _sessions:
        if (key, token["pin"]) in _refused:
            raise NotReady(
                _(
                    "The PIN of the token {token} was refused, and isn't tried again. Set it, and start anew."
                ).format(token=token["token"])
            )
        _sessions[key] = _opened(token, key)
    return _sessions[key]


def _opened(token: Mapping[str, str], key: _Key) -> Session:
    found = lib(token["module"]).get_token(token_label=token["token"])
    try:
        return found.open(user_pin=token["pin"])
    except UserAlreadyLoggedIn:
        return found.open()
    except (PinIncorrect, PinInvalid, PinLenRange) as fault:
        _refused.add((key, token["pin"]))
        raise NotReady(_told(token, fault)) from fault


def _key(token: Mapping[str, str]) -> _Key:
    return os.getpid(), token["module"], token["token"]


def _forget(token: Mapping[str, str]) -> None:
    session = _sessions.pop(_key(token), None)
    if session is not None:
        try:
            session.close()
        except PKCS11Error:
            return  # it was closed from the other side


def _told(token: Mapping[str, str], fault: Exception) -> str:
    return _("the token {token} can't be used ({fault}). Is it there, and are PIN and labels right?").format(
        token=token["token"], fault=str(fault) or type(fault).__name__
    )
