"""Addresses of panels and appeals, below the reference of the request."""

from django.urls import URLPattern, URLResolver, path

from reviews.views import appealing, panels

urlpatterns: list[URLPattern | URLResolver] = [
    path("requests/<str:reference>/panel/", panels.form_experts, name="form_panel"),
    path("requests/<str:reference>/appeal/", appealing.appeal, name="appeal"),
    path("requests/<str:reference>/appeals/<int:number>/", appealing.show_appeal, name="show_appeal"),
    path(
        "requests/<str:reference>/appeals/<int:number>/panel/", panels.form_appeal, name="form_appeal_panel"
    ),
]
