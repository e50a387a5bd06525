"""Addresses of the compliance app."""

from django.urls import URLPattern, URLResolver, path

from compliance.views import assessments

app_name = "compliance"
urlpatterns: list[URLPattern | URLResolver] = [
    path("assessments/<int:assessment_id>/", assessments.assessment, name="assessment"),
]
