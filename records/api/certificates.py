"""Certificates with which records are signed: listed, read, issued and revoked by administrators; one's own."""

from datetime import datetime
from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Field, Query
from pydantic import StringConstraints

from accounts.api.fields import Address, Id, In, Out, PersonOut, Sha256, page_address, person_out
from accounts.api.pages import PageOut, PageQuery, list_page
from accounts.api.rooms import Room
from accounts.api.visit import tell, who
from accounts.models import User
from accounts.permissions import require_administrator
from accounts.rules.scopes import Scope
from records import certificate_selectors as selectors
from records import certificates
from records.certificate_selectors import CertificateStanding
from records.models import Certificate, Origin, Purpose, RevocationReason
from records.permissions import certificate_to_administer
from records.seal import people

room = Room("Certificates")
PEM = "application/x-pem-file"


class CertificateQuery(PageQuery):
    """Which certificates are asked for."""

    purpose: Purpose | None = None
    name: Annotated[str, Field(max_length=100, description="A part of its name, or of its person's.")] = ""
    old: Annotated[bool, Field(description="Also those that another one replaced.")] = False


class CertificateOut(Out):
    """A certificate, and where it stands now."""

    sha256: Sha256
    purpose: Purpose
    origin: Origin
    person: PersonOut | None
    name: str = Field(description="Common name.", examples=["Aylin Demir"])
    serial: str = Field(description="Hexadecimal.", examples=["3f0a6b1c9d"])
    standing: CertificateStanding
    valid_from: datetime
    valid_until: datetime
    issued_at: datetime = Field(description="Or brought along.")
    retired_at: datetime | None
    revoked_at: datetime | None
    revocation: RevocationReason | None
    address: Address


class CertificateWholeOut(CertificateOut):
    """A certificate with what stands in it."""

    subject: str = Field(examples=["CN=Aylin Demir, O=Imprimatur"])
    issuer: str = Field(examples=["CN=Imprimatur Issuing 1, O=Imprimatur"])
    key: str = Field(examples=["EC secp256r1"])


class RevokingIn(In):
    """Why the certificate is revoked: the code that stands in the list (RFC 5280, 5.3.1), and what happened."""

    reason: RevocationReason
    note: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)] = Field(
        description="It stands in the log, not in the list.", examples=["The laptop was stolen."]
    )


def _said(row: Certificate, now: datetime) -> dict[str, Any]:
    return {
        "sha256": row.sha256, "purpose": row.purpose, "origin": row.origin,
        "person": person_out(row.person) if row.person else None, "name": row.name, "serial": row.serial,
        "standing": selectors.standing(row, now), "valid_from": row.valid_from, "valid_until": row.valid_until,
        "issued_at": row.issued_at, "retired_at": row.retired_at, "revoked_at": row.revoked_at,
        "revocation": row.revocation or None, "address": page_address("records:certificate_page", row.sha256),
    }  # fmt: skip


def _whole(row: Certificate, now: datetime) -> CertificateWholeOut:
    certificate = row.loaded()
    return CertificateWholeOut(
        **_said(row, now), subject=selectors.written(certificate.subject),
        issuer=selectors.written(certificate.issuer), key=selectors.key_in_words(certificate.public_key()),
    )  # fmt: skip


@room.get("/certificates", PageOut[CertificateOut], Scope.ORGANISATION_READ)
def list_certificates(request: HttpRequest, asked: Query[CertificateQuery]) -> dict[str, Any]:
    """List the certificates, newest first; to everybody but administrators this doesn't exist."""
    user, now = who(request)
    require_administrator(user)
    found = Certificate.objects.all()
    if asked.purpose is not None:
        found = found.filter(purpose=asked.purpose)
    rows = selectors.narrowed(found, name=asked.name.strip(), with_old=asked.old)
    return list_page(request, rows, asked, lambda row: CertificateOut(**_said(row, now)), by="-issued_at")


@room.get("/certificates/{sha256}", CertificateWholeOut, Scope.ORGANISATION_READ)
def read_certificate(request: HttpRequest, sha256: Sha256) -> CertificateWholeOut:
    """Read a certificate."""
    user, now = who(request)
    return _whole(certificate_to_administer(user, sha256), now)


@room.get("/certificates/{sha256}/chain", bytes, Scope.ORGANISATION_READ, gives=PEM)
def read_certificate_chain(request: HttpRequest, sha256: Sha256) -> HttpResponse:
    """Download a certificate with those above it (PEM), its own first."""
    return _pem(certificate_to_administer(who(request)[0], sha256))


@room.post("/certificates/{sha256}/revocation", CertificateWholeOut, Scope.ORGANISATION_WRITE)
def revoke_certificate(request: HttpRequest, sha256: Sha256, given: RevokingIn) -> CertificateWholeOut:
    """Revoke a certificate for good; the next revocation list, in a moment, names it."""
    user, now = who(request)
    return _whole(
        certificates.revoke_certificate(
            actor=user, certificate_id=sha256, reason=given.reason, note=given.note, now=now
        ),
        now,
    )


@room.post(
    "/people/{person_id}/certificates", CertificateWholeOut, Scope.ORGANISATION_WRITE, status=201, takes=None
)
def issue_certificate(request: HttpRequest, person_id: Id) -> CertificateWholeOut:
    """Issue a certificate to a person, in the place of the one that was revoked or that they have."""
    user, now = who(request)
    row = certificates.issue_certificate(actor=user, person_id=person_id, now=now)
    tell(request, "Location", f"/api/v1/certificates/{row.sha256}")
    return _whole(row, now)


@room.get("/me/certificate", CertificateWholeOut, Scope.RECORDS_READ)
def read_own_certificate(request: HttpRequest) -> CertificateWholeOut:
    """Read with which certificate the person signs; 404 before their first signature."""
    user, now = who(request)
    return _whole(_own(user), now)


@room.get("/me/certificate/chain", bytes, Scope.RECORDS_READ, gives=PEM)
def read_own_chain(request: HttpRequest) -> HttpResponse:
    """Download the person's own certificate with those above it (PEM)."""
    return _pem(_own(who(request)[0]))


def _own(person: User) -> Certificate:
    row = people.newest_of(person)
    if row is None:
        raise Http404
    return row


def _pem(row: Certificate) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="certificate-{row.sha256[:16]}.pem"'}
    return HttpResponse(row.chain, content_type=PEM, headers=headers)
