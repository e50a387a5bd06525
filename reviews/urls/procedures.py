"""Addresses of procedures: that a request is exempt, and a doubt that sends it to a stricter one."""

from django.urls import URLPattern, URLResolver, path

from reviews.views import procedures

urlpatterns: list[URLPattern | URLResolver] = [
    path("requests/<str:reference>/boards/<slug:board>/exempt/", procedures.exempt, name="exempt"),
    path("requests/<str:reference>/boards/<slug:board>/doubt/", procedures.doubt, name="doubt"),
]
