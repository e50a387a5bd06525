"""Addresses of the records app."""

from django.urls import URLPattern, URLResolver, path

from records import views

app_name = "records"
urlpatterns: list[URLPattern | URLResolver] = [
    path("records/<int:record_id>/", views.record_page, name="record_page"),
    path("records/<int:record_id>/file", views.record_file, name="record_file"),
    path("records/<int:record_id>/record.json", views.record_data, name="record_data"),
    path("verify/", views.verify_page, name="verify"),
    path("verify/certificates.pem", views.certificates, name="certificates"),
    path("verify/<str:code>", views.verify_page, name="verify_code"),
]
