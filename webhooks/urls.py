"""Addresses of the webhooks app."""

from django.urls import URLPattern, URLResolver, path

from webhooks.views import deliveries, endpoints

app_name = "webhooks"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", endpoints.endpoint_list, name="endpoints"),
    path("new/", endpoints.add, name="add"),
    path("<int:endpoint_id>/", endpoints.endpoint_page, name="endpoint"),
    path("<int:endpoint_id>/change/", endpoints.change, name="change"),
    path("<int:endpoint_id>/on/", endpoints.turn_on, name="turn_on"),
    path("<int:endpoint_id>/off/", endpoints.turn_off, name="turn_off"),
    path("<int:endpoint_id>/secret/", endpoints.change_secret, name="change_secret"),
    path("<int:endpoint_id>/test/", endpoints.test, name="test"),
    path("<int:endpoint_id>/send-failed/", endpoints.resend, name="resend"),
    path("<int:endpoint_id>/remove/", endpoints.remove, name="remove"),
    path("<int:endpoint_id>/deliveries/<int:delivery_id>/", deliveries.delivery_page, name="delivery"),
    path("<int:endpoint_id>/deliveries/<int:delivery_id>/send/", deliveries.send, name="send"),
]
