"""Addresses of meetings: their list, planning, the page of each, its agenda, the running meeting, and minutes."""

from django.urls import URLPattern, URLResolver, include, path

from reviews.views import meeting_agenda as agenda
from reviews.views import meeting_minutes as minutes
from reviews.views import meeting_running as running
from reviews.views import meetings

MEETING: list[URLPattern | URLResolver] = [
    path("", meetings.show_meeting, name="meeting"),
    path("move/", meetings.move_meeting, name="move_meeting"),
    path("cancel/", meetings.cancel, name="cancel_meeting"),
    path("agenda/fill/", agenda.fill, name="fill_agenda"),
    path("agenda/add/", agenda.add_item, name="add_item"),
    path("call/", agenda.call, name="call_meeting"),
    path("answer/", agenda.answer, name="answer_invitation"),
    path("guests/", meetings.invite_guest, name="invite_guest"),
    path("guests/<int:attendance_id>/end/", agenda.uninvite, name="uninvite_guest"),
    path("start/", running.start, name="start_meeting"),
    path("room/", running.show_room, name="room"),
    path("people/<int:attendance_id>/", running.attend, name="attend"),
    path("close/", running.close, name="close_meeting"),
    path("minutes/", minutes.show_minutes, name="minutes"),
    path("minutes/texts/<slug:kind>/", minutes.write_of_meeting, name="write_minutes"),
    path("minutes/circulate/", minutes.circulate, name="circulate_minutes"),
    path("minutes/correct/", minutes.correct, name="correct_minutes"),
    path("minutes/approve/", minutes.approve, name="approve_minutes"),
]

ITEM: list[URLPattern | URLResolver] = [
    path("change/", agenda.change_item, name="change_item"),
    path("move/", agenda.move_item, name="move_item"),
    path("remove/", agenda.remove_item, name="remove_item"),
    path("take-up/", running.take_up, name="take_up_item"),
    path("finish/", running.finish, name="finish_item"),
    path("table/", running.table, name="table_item"),
    path("approve/", running.approve_at_item, name="approve_at_item"),
    path("texts/<slug:kind>/", minutes.write_of_item, name="write_of_item"),
    path("motions/<int:motion_id>/ballot/", running.open_ballot, name="open_in_meeting"),
    path("ballots/<int:ballot_id>/again/", running.put_again, name="put_again"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("meetings/", meetings.list_meetings, name="meetings"),
    path("meetings/boards/<slug:board>/plan/", meetings.plan_meeting, name="plan_meeting"),
    path("meetings/boards/<slug:board>/series/", meetings.make_series, name="make_series"),
    path("meetings/series/<int:series_id>/", meetings.change_series, name="change_series"),
    path("meetings/series/<int:series_id>/end/", meetings.end_series, name="end_series"),
    path("meetings/items/<int:item_id>/", include(ITEM)),
    path("meetings/<int:meeting_id>/", include(MEETING)),
]
