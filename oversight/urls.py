"""Addresses of the oversight app."""

from django.urls import URLPattern, URLResolver, path

from oversight.views import engagements, log

app_name = "oversight"
urlpatterns: list[URLPattern | URLResolver] = [
    path("log/", log.explorer, name="log"),
    path("log/export", log.export_log, name="export"),
    path("log/<int:event_id>/bytes", log.exact_bytes, name="exact_bytes"),
    path("engagements/", engagements.engagement_list, name="engagements"),
    path("engagements/new", engagements.new_engagement, name="new_engagement"),
    path("engagements/<int:engagement_id>/", engagements.engagement_page, name="engagement"),
    path("engagements/<int:engagement_id>/end", engagements.end_engagement, name="end_engagement"),
]
