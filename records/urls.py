"""Addresses of the records app."""

from django.urls import URLPattern, URLResolver, include, path, register_converter

from records import certificate_views, views

app_name = "records"


class DigestConverter:
    """The SHA-256 of a certificate in an address."""

    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        """Return the digest."""
        return value

    def to_url(self, value: str) -> str:
        """Return the digest."""
        return value


register_converter(DigestConverter, "sha256")

urlpatterns: list[URLPattern | URLResolver] = [
    path("records/<int:record_id>/", views.record_page, name="record_page"),
    path("records/<int:record_id>/sealing", views.sealing, name="sealing"),
    path("records/<int:record_id>/file", views.record_file, name="record_file"),
    path("records/<int:record_id>/record.json", views.record_data, name="record_data"),
    path("verify/", views.verify_page, name="verify"),
    path("verify/certificates.pem", views.certificates, name="certificates"),
    path("certificates/<sha256:sha256>.crl", certificate_views.revocation_list, name="revocation_list"),
    path("certificates/<sha256:sha256>.cer", certificate_views.authority, name="authority_certificate"),
    path("certificates/", certificate_views.certificate_list, name="certificate_list"),
    path("certificates/<sha256:sha256>/", certificate_views.certificate_page, name="certificate_page"),
    path("certificates/<sha256:sha256>.pem", certificate_views.certificate_file, name="certificate_file"),
    path("certificates/of/<int:person_id>/issue/", certificate_views.issue, name="issue_certificate"),
    path("me/certificate/", certificate_views.own_certificate, name="own_certificate"),
    path("me/certificate/leave/", certificate_views.leave_own, name="leave_own_certificate"),
    path("verify/<str:code>", views.verify_page, name="verify_code"),
    path("", include("records.attestation.urls")),
]
