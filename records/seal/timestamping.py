"""The authority that stamps the time, where one is configured (RFC 3161): asked over HTTP, believed after a check.

It has five seconds for everything. Whatever goes wrong is NoStamp with a sentence for administrators; nothing is
written then, and the job tries again.
"""

import asyncio
import base64
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from asn1crypto import cms, pem, tsp, x509
from django.conf import settings
from django.utils.translation import gettext as _
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext

from records.seal.sign import Authority

SECONDS = 5.0
LARGEST = 100_000  # bytes of a reply
_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"


class NoStamp(TimestampRequestError):  # noqa: N818
    """The authority gave no stamp that holds; the message says what it did instead."""


def authority() -> Authority | None:
    """Return the authority of this installation; None where there is none. Raises NoStamp for unusable settings."""
    if not settings.TSA_URL:
        return None
    roots = _roots()
    return Authority(_Asked(settings.TSA_URL, roots), roots)


def _roots() -> list[x509.Certificate]:
    """Return the certificates of the authority that are trusted, from the file of the settings."""
    try:
        content = Path(settings.TSA_ROOTS).read_bytes()
        found = [x509.Certificate.load(der) for _type, _headers, der in pem.unarmor(content, multiple=True)]
    except (OSError, ValueError) as fault:
        raise NoStamp(f"IMPRIMATUR_TSA_ROOTS can't be read as certificates in PEM: {fault}") from fault
    if not found:
        raise NoStamp("IMPRIMATUR_TSA_ROOTS holds no certificate.")
    return found


class _Asked(TimeStamper):
    """Asks the authority, within the limit, and checks what comes back: status, nonce, imprint, signature, chain."""

    def __init__(self, url: str, roots: list[x509.Certificate]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # pyHanko types only a part
        self._url, self._roots = url, roots

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Ask once."""
        content = await asyncio.to_thread(_post, self._url, req.dump())
        try:
            answer = tsp.TimeStampResp.load(content, strict=True)
            if answer["status"]["status"].native == "granted_with_mods":  # RFC 3161, 2.4.2: a stamp, too
                answer["status"]["status"] = "granted"
            if answer["status"]["status"].native == "granted":
                _refuse_other_nonce(req, answer)
        except (ValueError, TypeError, KeyError) as fault:
            raise NoStamp(
                _("The time stamping authority sent something that is no reply of RFC 3161.")
            ) from fault
        return answer

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """Return a token that holds."""
        try:
            token = await super().async_timestamp(message_digest, md_algorithm)
            await self._check(token, message_digest, md_algorithm)
        except NoStamp:
            raise
        except TimestampRequestError as fault:
            raise NoStamp(
                f"The time stamping authority refused, or answered another question: {fault}"
            ) from fault
        except Exception as fault:
            # A token is a stranger's bytes: pyHanko and asn1crypto raise a bare ValueError and others on it.
            raise NoStamp(
                f"The stamp of the time stamping authority doesn't hold ({type(fault).__name__}: {fault})."
            ) from fault
        return token

    async def _check(self, token: cms.ContentInfo, message_digest: bytes, md_algorithm: str) -> None:
        data = token["content"]
        moment = data["encap_content_info"]["content"].parsed["gen_time"].native
        context = ValidationContext(
            trust_roots=self._roots, moment=moment, allow_fetching=False, revocation_mode="soft-fail"
        )

        def imprint(algorithm: str) -> bytes:
            return message_digest if algorithm == md_algorithm else b""

        found = await validate_tst_signed_data(data, context, imprint)
        if not (found["intact"] and found["valid"]):
            raise NoStamp(
                "The stamp of the time stamping authority is of something else, or its signature is broken."
            )
        if found["trust_problem_indic"] is not None:
            raise NoStamp(
                "The certificate of the time stamping authority doesn't lead to IMPRIMATUR_TSA_ROOTS."
            )


def _refuse_other_nonce(asked: tsp.TimeStampReq, answer: tsp.TimeStampResp) -> None:
    """Raise NoStamp when the answer is to another question (RFC 3161, 2.4.2)."""
    said = answer["time_stamp_token"]["content"]["encap_content_info"]["content"].parsed["nonce"].native
    if said != asked["nonce"].native:
        raise NoStamp(
            "The time stamping authority answered another question: its nonce is not the one that was sent."
        )


def _post(url: str, content: bytes) -> bytes:
    """Return the body of the answer; all of it has SECONDS, however slowly it drips."""
    parts, until = urlsplit(url), time.monotonic() + SECONDS
    connection = _connection(parts.scheme, parts.hostname or "", parts.port)
    try:
        connection.connect()
        with _ended_after(connection.sock, until - time.monotonic()):
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            answer = _answer(connection, target, content)
        if time.monotonic() >= until:  # the connection was ended, which may look like the end of the answer
            raise TimeoutError
        return answer
    except NoStamp:
        raise
    except (OSError, http.client.HTTPException, ValueError) as fault:
        if time.monotonic() >= until or isinstance(fault, TimeoutError):
            raise NoStamp(
                _("The time stamping authority didn't answer within {seconds} seconds.").format(
                    seconds=f"{SECONDS:g}"
                )
            ) from fault
        raise NoStamp(
            _("The time stamping authority is out of reach: {fault}").format(fault=fault)
        ) from fault
    finally:
        connection.close()


def _answer(connection: http.client.HTTPConnection, target: str, content: bytes) -> bytes:
    connection.request("POST", target, content, _headers())
    answer = connection.getresponse()
    kind = (answer.headers.get("Content-Type") or "").split(";")[0].strip().lower()
    if answer.status != 200 or kind != _REPLY:
        raise NoStamp(
            _("The time stamping authority answered {status} with {kind}.").format(
                status=answer.status, kind=kind or "–"
            )
        )
    body = answer.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise NoStamp(_("The reply of the time stamping authority is too long."))
    return body


@contextmanager
def _ended_after(sock: socket.socket, seconds: float) -> Iterator[None]:
    """End the connection when the time is up: the limit of a socket is one for each of its reads only."""
    timer = threading.Timer(max(seconds, 0), _end, [sock])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _end(sock: socket.socket) -> None:
    with suppress(OSError):  # closed meanwhile
        sock.shutdown(socket.SHUT_RDWR)


def _connection(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=SECONDS, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, port, timeout=SECONDS)


def _headers() -> dict[str, str]:
    headers = {"Content-Type": _QUERY, "Accept": _REPLY}
    if settings.TSA_USER:
        pair = f"{settings.TSA_USER}:{settings.TSA_PASSWORD}".encode()
        headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
    return headers
