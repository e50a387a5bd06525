"""Calls that are sent twice act once: the header Idempotency-Key (draft-ietf-httpapi-idempotency-key-header).

What was answered is kept in the transaction of what was done: one doesn't exist without the other, whatever is killed
when. While a call is at work, another one with its key is told so; on SQLite it waits, as all who write do there.
What was refused left nothing, so its key is free again. Answers are kept encrypted: some hold a secret that nobody
else is told.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from accounts.api.problems import Code, Problem
from accounts.api.visit import Visit
from accounts.api_tokens import KeptAnswer
from accounts.cipher import decrypt, encrypt
from accounts.services.api_tokens import KEPT_FOR

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEPT_HEADERS = ("Location", "ETag")
_KEY = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]{1,255}")


@dataclass(frozen=True, slots=True)
class Call:
    """What a key stands for: whose it is, the operation, and what was sent."""

    visit: Visit
    route: str
    key: str
    digest: str

    def lock(self) -> None:
        """Be the only one with this key until the transaction ends; raises Problem when another one is."""
        if connection.vendor != "postgresql":
            return
        name = f"{self.visit.token.pk}/{self.route}/{self.key}"
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
            (alone,) = cursor.fetchone()
        if not alone:
            raise Problem(
                Code.IN_PROGRESS, _("Another call with this Idempotency-Key isn't over yet. Ask again shortly."),
                headers={"Retry-After": "1"},
            )  # fmt: skip

    def kept(self) -> KeptAnswer | None:
        """Return what a call with this key was answered within a day; raises Problem when it was another call."""
        kept = KeptAnswer.objects.filter(token=self.visit.token, route=self.route, key=self.key).first()
        if kept is not None and kept.made_at <= self.visit.now - KEPT_FOR:
            kept.delete()
            return None
        if kept is not None and kept.digest != self.digest:
            raise Problem(
                Code.KEY_REUSED,
                _("This Idempotency-Key was sent with another call. Choose a new one for this."),
            )
        return kept

    def keep(self, response: HttpResponse) -> None:
        """Keep what was answered, when something was done."""
        if response.status_code >= 300:
            return
        KeptAnswer.objects.create(
            token=self.visit.token, route=self.route, key=self.key, digest=self.digest,
            status=response.status_code, body=encrypt(response.content.decode()).encode(), made_at=self.visit.now,
            headers={name: self.visit.headers[name] for name in KEPT_HEADERS if name in self.visit.headers},
        )  # fmt: skip


def once(
    request: HttpRequest, visit: Visit, route: str, run: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """Do what is called for, or answer as it was answered before; without the header it is simply done."""
    sent = request.headers.get(HEADER)
    if sent is None:
        return run()
    call = Call(visit, route, _key(sent), _digest(request, visit))
    with transaction.atomic():
        call.lock()
        if (kept := call.kept()) is not None:
            return _again(kept)
        response = run()
        assert isinstance(response, HttpResponse)
        call.keep(response)
        return response


def _key(sent: str) -> str:
    """Return the key, which the draft writes in quotation marks; without them it is taken, too."""
    key = sent.strip().removeprefix('"').removesuffix('"')
    if not _KEY.fullmatch(key):
        raise Problem(
            Code.INVALID, _("An Idempotency-Key has 1 to 255 visible characters of ASCII."),
            errors=[{"parameter": HEADER, "detail": _("This isn't written as it has to be.")}],
        )  # fmt: skip
    return key


def _digest(request: HttpRequest, visit: Visit) -> str:
    said = f"{request.method} {request.get_full_path()} {request.content_type}\n".encode()
    body = visit.came.sha256.encode() if visit.came is not None else request.body
    return hashlib.sha256(said + body).hexdigest()


def _again(kept: KeptAnswer) -> HttpResponse:
    headers = {**kept.headers, REPLAYED: "true"}
    body = decrypt(bytes(kept.body).decode())
    return HttpResponse(
        body, status=kept.status, headers=headers, content_type="application/json; charset=utf-8"
    )
