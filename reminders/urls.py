"""Addresses of the reminders app."""

from django.urls import URLPattern, URLResolver, path

from reminders import views

app_name = "reminders"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.inbox, name="inbox"),
    path("read", views.read_all, name="read_all"),
    path("<int:message_id>/open", views.open_message, name="open_message"),
    path("<int:message_id>/read", views.read_message, name="read_message"),
]
