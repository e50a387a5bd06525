"""Addresses for pipelines: attestations, the status list, the keys. Stable, cacheable, and open if that is wanted."""

import uuid
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from records.attestation import caching, serving
from records.attestation.readers import manifest_of, reader_of, why_not_read
from records.attestation.rows import Attested
from records.attestation.serving import Handed

SECONDS = 60  # a shared cache may hand out what changes
FOR_GOOD = 365 * 24 * 3600
View = Callable[..., HttpResponseBase]


def _for_pipelines(view: View) -> View:
    """Ask who reads it, unless the organisation hands out attestations to everybody; a token is asked for its scope."""

    @require_safe
    @wraps(view)
    def asked(request: HttpRequest, **given: object) -> HttpResponseBase:
        if not settings.ATTESTATIONS_PUBLIC and reader_of(request, timezone.now()) is None:
            if "Authorization" in request.headers:
                return HttpResponse("A token with the scope attestations:read is needed.\n", status=401,
                                    content_type="text/plain", headers={"WWW-Authenticate": "Bearer"})  # fmt: skip
            return redirect_to_login(request.get_full_path())
        return view(request, **given)

    return cast(View, asked)


@_for_pipelines
def attestation(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Hand out the newest attestation of a decision."""
    _read(request, Attested.objects.filter(uid=uid).first())
    return _answer(request, serving.newest_of(uid))


@_for_pipelines
def attestation_number(request: HttpRequest, uid: uuid.UUID, number: int) -> HttpResponse:
    """Hand out one attestation of a decision, which stays for good."""
    _read(request, Attested.objects.filter(uid=uid).first())
    return _answer(request, serving.numbered(uid, number))


@_for_pipelines
def approved_manifest(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Hand out the manifest that was approved, by which a gate names the files that differ."""
    found = _read(request, Attested.objects.filter(uid=uid).first())
    content = manifest_of(found)
    handed = content and Handed(
        content, "text/plain; charset=utf-8", f"{found.reference}.manifest", found.manifest_sha256,
        found.since, for_good=True,
    )  # fmt: skip
    return _answer(request, handed or None)


@_for_pipelines
def attestation_of_manifest(request: HttpRequest, manifest_sha256: str) -> HttpResponse:
    """Lead to the attestation of the decision about these bytes that counts."""
    found = _read(request, serving.of_manifest(manifest_sha256))
    return redirect("records:attestation", found.uid)


@_for_pipelines
def status_list(request: HttpRequest) -> HttpResponse:
    """Hand out the status list."""
    return _answer(request, serving.status_list())


@_for_pipelines
def attestation_keys(request: HttpRequest) -> HttpResponse:
    """Hand out the public keys that sign now."""
    return _answer(request, serving.keys_in_use())


@_for_pipelines
def all_attestation_keys(request: HttpRequest) -> HttpResponse:
    """Hand out every public key that ever signed, with its time."""
    return _answer(request, serving.all_keys())


def _read(request: HttpRequest, found: Attested | None) -> Attested:
    """Return it; raises Http404 for what isn't there and for whom it doesn't concern, who get the same answer."""
    now = timezone.now()
    reader = None if settings.ATTESTATIONS_PUBLIC else reader_of(request, now)
    if found is None or (not settings.ATTESTATIONS_PUBLIC and why_not_read(reader, found, now)):
        raise Http404
    return found


def _answer(request: HttpRequest, handed: Handed | None) -> HttpResponse:
    if handed is None:
        raise Http404
    response = HttpResponse(handed.content, content_type=handed.kind)
    response["Content-Disposition"] = f'attachment; filename="{handed.name}"'
    response["ETag"] = f'"{handed.validator}"'
    response["Last-Modified"] = http_date(_second(handed.changed_at))
    response["X-Content-Type-Options"] = "nosniff"
    shared = "public" if settings.ATTESTATIONS_PUBLIC else "private"
    if handed.for_good:
        response["Cache-Control"] = f"{shared}, max-age={FOR_GOOD}, immutable"
    elif settings.ATTESTATIONS_PUBLIC:
        response["Cache-Control"] = f"public, max-age={SECONDS}, must-revalidate"
    else:
        response["Cache-Control"] = "private, no-cache"
    found = get_conditional_response(
        request, etag=response["ETag"], last_modified=_second(handed.changed_at), response=response
    )
    answer = found if isinstance(found, HttpResponse) else response
    return caching.mark(answer) if settings.ATTESTATIONS_PUBLIC else answer


def _second(at: datetime) -> int:
    return int(at.timestamp())
