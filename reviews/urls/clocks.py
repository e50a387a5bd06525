"""Addresses of clocks: working days, why a date is what it is, counting it again, who reads first, and the load."""

from django.urls import URLPattern, URLResolver, path

from reviews.views import dates, readers, working_days

urlpatterns: list[URLPattern | URLResolver] = [
    path("working-days/", working_days.show_days, name="working_days"),
    path("working-days/new/", working_days.close_days, name="close_days"),
    path("working-days/<int:closing_id>/end/", working_days.take_back, name="end_closing"),
    path("boards/<slug:board>/place/", working_days.place_board, name="place_board"),
    path("boards/<slug:board>/dates/", dates.show_changed, name="changed_dates"),
    path("requests/<str:reference>/dates/<str:kind>/<int:thing_id>/why/", dates.show_why, name="why_date"),
    path("requests/<str:reference>/dates/<str:kind>/<int:thing_id>/recount/", dates.recount, name="recount"),
    path("requests/<str:reference>/clock/", dates.show_clock, name="clock"),
    path("boards/<slug:board>/load/", readers.show_load, name="board_load"),
    path(
        "requests/<str:reference>/boards/<slug:board>/readers/<slug:role>/",
        readers.assign,
        name="assign_reader",
    ),
    path("requests/<str:reference>/boards/<slug:board>/give-back/", readers.decline, name="decline_reading"),
]
