"""Pages and addresses of certificates: what readers of records fetch, what administrators do, and one's own."""

from datetime import timedelta

from cryptography.hazmat.primitives.serialization import Encoding
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import etag, require_GET, require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.permissions import require_administrator
from accounts.views.acting import attempt
from audit.selectors import timeline
from records import certificate_selectors as selectors
from records.certificate_forms import BringForm, RevokeForm
from records.certificates import issue_certificate, revoke_certificate
from records.models import Certificate, Origin, Purpose, RevocationReason
from records.own_certificates import bring_certificate, leave_own_certificate, why_not_bring
from records.permissions import certificate_to_administer, why_not_issue, why_not_revoke
from records.seal import lists, people

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


@login_required
@require_GET
def certificate_list(request: HttpRequest) -> HttpResponse:
    """Show every certificate to administrators."""
    assert isinstance(request.user, User)
    require_administrator(request.user)
    now, name, old = timezone.now(), request.GET.get("q", "").strip()[:100], "old" in request.GET
    context = {
        "house": selectors.of_the_house(now),
        "people": selectors.of_people(now, name=name, with_old=old),
        "most": selectors.MOST,
        "name": name,
        "with_old": old,
    }
    return render(request, "records/certificate_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def certificate_page(request: HttpRequest, sha256: str) -> HttpResponse:
    """Show one certificate to administrators, and revoke it."""
    assert isinstance(request.user, User)
    actor, row = request.user, certificate_to_administer(request.user, sha256)
    form = RevokeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason, note = RevocationReason(form.cleaned_data["reason"]), form.cleaned_data["note"]
        attempt(
            request,
            lambda: revoke_certificate(
                actor=actor, certificate_id=sha256, reason=reason, note=note, now=timezone.now()
            ),
            _("The certificate was revoked. The next revocation list, in a moment, names it."),
        )
        return redirect("records:certificate_page", sha256)
    context = {
        "shown": selectors.shown(row, timezone.now()),
        "says": selectors.what_it_says(row),
        "form": form,
        "why_not_revoke": why_not_revoke(row),
        "why_not_issue": why_not_issue(row.person) if row.person else "",
        "is_last": row.person is not None and people.newest_of(row.person) == row,
        "story": timeline(row, limit=50),
    }
    return render(request, "records/certificate_page.html", context, status=400 if form.errors else 200)


@require_POST
@login_required
def issue(request: HttpRequest, person_id: int) -> HttpResponse:
    """Issue another certificate to a person."""
    assert isinstance(request.user, User)
    actor, made = request.user, list[Certificate]()
    attempt(
        request,
        lambda: made.append(issue_certificate(actor=actor, person_id=person_id, now=timezone.now())),
        _("Another certificate was issued."),
    )
    return (
        redirect("records:certificate_page", made[0].sha256) if made else redirect("records:certificate_list")
    )


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def own_certificate(request: HttpRequest) -> HttpResponse:
    """Show the person with which certificate they sign, and take in one of their own."""
    assert isinstance(request.user, User)
    actor, now = request.user, timezone.now()
    form = BringForm(request.POST, request.FILES) if request.method == "POST" else BringForm()
    if request.method == "POST" and form.is_valid():
        done = attempt(
            request,
            lambda: bring_certificate(
                actor=actor, content=form.content(), password=form.cleaned_data["password"], now=now
            ),
            _("You sign with this certificate from now on. Look whether its name is yours."),
        )
        if done:
            return redirect("records:own_certificate")
    row = people.newest_of(actor)
    context = {
        "shown": selectors.shown(row, now) if row else None,
        "says": selectors.what_it_says(row) if row else [],
        "is_brought": row is not None and row.is_in_use and row.origin == Origin.BROUGHT,
        "form": form,
        "why_not_bring": why_not_bring(actor),
    }
    return render(
        request, "records/own_certificate.html", context, status=400 if request.method == "POST" else 200
    )


@require_POST
@login_required
def leave_own(request: HttpRequest) -> HttpResponse:
    """Sign with a certificate of the house again."""
    assert isinstance(request.user, User)
    actor = request.user
    attempt(
        request,
        lambda: leave_own_certificate(actor=actor, now=timezone.now()),
        _("You sign with a certificate of the house again."),
    )
    return redirect("records:own_certificate")


@login_required
@require_GET
@never_cache
def certificate_file(request: HttpRequest, sha256: str) -> HttpResponse:
    """Hand out a certificate with its chain (PEM): to administrators, and to whom it belongs."""
    assert isinstance(request.user, User)
    row = Certificate.objects.filter(sha256=sha256, person=request.user).first()
    row = row or certificate_to_administer(request.user, sha256)
    response = HttpResponse(row.chain, content_type="application/x-pem-file")
    response["Content-Disposition"] = f'attachment; filename="certificate-{sha256[:16]}.pem"'
    return response
