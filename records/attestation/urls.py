"""Stable addresses for pipelines."""

from django.urls import URLPattern, URLResolver, path

from records.attestation import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("attestations/<uuid:uid>.jsonl", views.attestation, name="attestation"),
    path("attestations/<uuid:uid>/<int:number>.jsonl", views.attestation_number, name="attestation_number"),
    path("attestations/<uuid:uid>.manifest", views.approved_manifest, name="approved_manifest"),
    path(
        "attestations/manifest/<sha256:manifest_sha256>.jsonl",
        views.attestation_of_manifest,
        name="attestation_of_manifest",
    ),
    path("status-list.json", views.status_list, name="status_list"),
    path("attestation-keys.pem", views.attestation_keys, name="attestation_keys"),
    path("attestation-keys.json", views.all_attestation_keys, name="all_attestation_keys"),
]
