"""Addresses of the registry app."""

from django.urls import URLPattern, URLResolver, path

from registry import views

app_name = "registry"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.model_list, name="models"),
    path("projects/new/", views.new_project, name="new_project"),
    path("projects/<int:project_id>/", views.project_page, name="project"),
    path("projects/<int:project_id>/share/", views.share, name="share"),
    path("projects/<int:project_id>/grants/<int:grant_id>/end/", views.end, name="end_grant"),
    path("projects/<int:project_id>/models/new/", views.new_model, name="new_model"),
    path("<int:model_id>/", views.model_page, name="model"),
    path("<int:model_id>/versions/new/", views.new_version, name="new_version"),
    path("versions/<int:version_id>/", views.version_page, name="version"),
    path("versions/<int:version_id>/manifest/", views.manifest, name="manifest"),
    path("versions/<int:version_id>/manifest.sha256", views.manifest_text, name="manifest_text"),
]
