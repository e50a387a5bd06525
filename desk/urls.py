"""Addresses of the desk app."""

from django.urls import URLPattern, URLResolver, path

from desk.views.calendar import calendar
from desk.views.health import health, healthz
from desk.views.jobs import job_list, retry_job
from desk.views.my_work import beside_my_work, my_work, with_others
from desk.views.sample import progress
from desk.views.search import search
from desk.views.uploads import upload

app_name = "desk"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", my_work, name="my_work"),
    path("around", beside_my_work, name="around"),
    path("with-others", with_others, name="with_others"),
    path("calendar/<str:token>.ics", calendar, name="calendar"),
    path("search/", search, name="search"),
    path("jobs/", job_list, name="jobs"),
    path("jobs/<int:job_id>/retry", retry_job, name="retry_job"),
    path("health/", health, name="health"),
    path("sample/progress", progress, name="sample_progress"),
    path("healthz", healthz, name="healthz"),
    path("uploads/<str:token>/", upload, name="upload"),
]
