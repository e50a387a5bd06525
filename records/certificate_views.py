"""Pages and addresses of certificates: what readers of records fetch, what administrators do, and one's own."""

from datetime import timedelta

from cryptography.hazmat.primitives.serialization import Encoding
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.http import http_date
from django.views.decorators.http import etag, require_safe

from records.models import Certificate, Purpose
from records.seal import lists

LIST_KEPT = timedelta(minutes=10)  # so long a cache may keep a list that a revocation may replace at any time
CERTIFICATE_KEPT = timedelta(days=30)


@require_safe
def revocation_list(_request: HttpRequest, sha256: str) -> HttpResponse:
    """Hand out the newest revocation list of an authority, to everybody (RFC 5280, 4.2.1.13)."""
    found = lists.newest(sha256)
    if found is None:
        raise Http404
    response = HttpResponse(bytes(found.content), content_type="application/pkix-crl")
    response["Last-Modified"] = http_date(found.this_update.timestamp())
    response["ETag"] = f'"{found.number}"'
    left = max(timedelta(0), min(LIST_KEPT, found.next_update - timezone.now()))
    patch_cache_control(response, public=True, max_age=int(left.total_seconds()))
    return response


@require_safe
@etag(lambda _request, sha256: f'"{sha256}"')
def authority(_request: HttpRequest, sha256: str) -> HttpResponse:
    """Hand out the certificate of an authority, to everybody (RFC 5280, 4.2.2.1), and of nobody else."""
    row = Certificate.objects.filter(sha256=sha256, purpose__in=(Purpose.ROOT, Purpose.ISSUING)).first()
    if row is None:
        raise Http404
    response = HttpResponse(row.loaded().public_bytes(Encoding.DER), content_type="application/pkix-cert")
    patch_cache_control(response, public=True, max_age=int(CERTIFICATE_KEPT.total_seconds()), immutable=True)
    return response
