"""All addresses of the product."""

from django.urls import include, path

from config.api import api
from config.api_pages import description, reference

urlpatterns = [
    path("api/v1/docs", reference, name="api_reference"),
    path("api/v1/openapi.json", description, name="api_description"),
    path("api/v1/", api.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("accounts/", include("accounts.entrance")),
    path("", include("desk.urls")),
    path("", include("reviews.urls")),
    path("compliance/", include("compliance.urls")),
    path("models/", include("registry.urls")),
    path("", include("accounts.urls")),
    path("", include("records.urls")),
    path("inbox/", include("reminders.urls")),
    path("webhooks/", include("webhooks.urls")),
    path("", include("oversight.urls")),
]
