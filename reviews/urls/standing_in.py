"""Addresses of interests and of standing in: a person's own pages, a board's, and those of a request."""

from django.urls import URLPattern, URLResolver, path

from reviews.views import away, disclosing

urlpatterns: list[URLPattern | URLResolver] = [
    path("me/away/", away.away, name="away"),
    path("me/away/<int:delegation_id>/end/", away.end_delegation, name="end_delegation"),
    path("me/interests/", disclosing.disclosure, name="disclosure"),
    path("boards/<slug:board>/interests/", disclosing.board_disclosures, name="board_disclosures"),
    path(
        "boards/<slug:board>/seats/<int:seat_id>/alternate/", disclosing.set_alternate, name="set_alternate"
    ),
    path("requests/<str:reference>/interests/nothing/", disclosing.nothing, name="declare_nothing"),
    path(
        "requests/<str:reference>/interests/disclosed/<int:interest_id>/judge/",
        disclosing.judge,
        name="judge_disclosed",
    ),
]
