"""Figures of requests: ages, times, returns and load, each as a page and as CSV."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client

from audit.spreadsheets import BOM
from reviews.models import Notice, ReviewRequest
from reviews.permissions.figures import why_not_see_figures
from reviews.selectors.figures.ages import ages
from reviews.selectors.figures.load import load
from reviews.selectors.figures.picture import Period, Picture
from reviews.selectors.figures.returns import returns
from reviews.selectors.figures.times import times
from tests.boardrooms import House, a_ballot, a_house, all_vote, decided, in_review
from tests.dossiers import NOW, a_version
from tests.reviews.pages.visits import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines, pytest.mark.usefixtures("standing_house")]
EVERYTHING = Period(None)


@pytest.fixture
def house() -> House:
    return a_house()


def cells(picture: Picture) -> dict[str, list[str]]:
    return {line[1]: line[2:] for line in picture.lines()}


def test_all_four_pictures_of_one_story(house: House) -> None:
    """One request approved after ten days, one returned, one in its ballot with three of four votes out."""
    first = in_review(house)
    decided(house, first, now=NOW + timedelta(days=10))
    second = in_review(house, version=a_version(house.ravi, number="2.2"))
    decided(house, second, "return", now=NOW + timedelta(days=4))
    question = second.answers.order_by("pk")[0].question
    Notice.objects.create(
        request=second, revision=second.revisions.get(), text="The sources are not named.", questions=[question],
        made_by=house.sena, made_at=NOW,
    )  # fmt: skip
    third = in_review(house, version=a_version(house.ravi, number="2.3"), now=NOW + timedelta(days=20))
    ballot = a_ballot(house, house.ethics_review(third), now=NOW + timedelta(days=21))
    all_vote(house, ballot, names=("chloe",), now=NOW + timedelta(days=22))
    now = NOW + timedelta(days=60)

    by_age = cells(ages(now, EVERYTHING))
    assert by_age["In review"] == ["0", "0", "0", "1", "0", "1"]
    assert by_age["Signing"] == ["0", "0", "0", "1", "0", "1"]

    by_time = cells(times(now, EVERYTHING))
    assert by_time["Ethics board"][:3] == ["2", "4.0", "10.0"]
    assert by_time["full procedure"] == ["1", "10.0", "10.0", "0.0"]

    back = returns(now, EVERYTHING)
    assert cells(back)["Ethics board"][0] == "1"
    assert cells(back)["The check of completeness"][0] == "1"
    assert [line[2:] for line in back.lines() if line[0] == "What was missing or doubtful"] == [
        ["", "1", "0", "0"]
    ]

    by_person = cells(load(now, EVERYTHING))
    assert by_person["Chloe Chair"][:4] == ["1", "0", "3", "0.0"]
    assert by_person["Milo Member"][:2] == ["1", "1"]
    assert by_person["Rex Recused"][:2] == ["0", "0"]


def test_what_was_decided_before_the_period_is_not_counted(house: House) -> None:
    decided(house, in_review(house), now=NOW + timedelta(days=10))
    later = Period(NOW + timedelta(days=11))
    assert times(NOW + timedelta(days=60), later).is_empty
    assert not times(NOW + timedelta(days=60), EVERYTHING).is_empty


def test_a_request_counts_once_though_it_was_decided_again(house: House) -> None:
    request = in_review(house)
    decision = decided(house, request, now=NOW + timedelta(days=10))
    type(decision).objects.create(
        request=request, number=9, round=2, outcome="rejected", status="final", revision=decision.revision,
        revision_sha256=decision.revision_sha256, manifest_sha256=decision.manifest_sha256, reasons="Again.",
        decided_at=NOW + timedelta(days=40),
    )  # fmt: skip
    assert cells(times(NOW, EVERYTHING))["full procedure"][:2] == ["1", "10.0"]


@pytest.mark.parametrize("picture", ["age", "time", "returns", "load"])
def test_pages_and_files_within_fifteen_queries(
    house: House, picture: str, django_assert_max_num_queries: object
) -> None:
    decided(house, in_review(house))
    client = client_of(house, "sena")
    with django_assert_max_num_queries(15):  # type: ignore[operator]
        page = client.get(f"/requests/figures/{picture}/?period=all")
    assert page.status_code == 200
    answer = client.get(f"/requests/figures/{picture}.csv?period=all")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(text.removeprefix(BOM))))
    assert (len(rows) > 1) == (picture != "returns")
    assert {len(row) for row in rows} == {len(rows[0])}


@pytest.mark.parametrize("name", ["ravi", "milo", "ugo", "rex"])
def test_who_serves_no_board_as_a_whole_is_told_why_not(house: House, name: str) -> None:
    assert why_not_see_figures(house.people[name], NOW)
    assert client_of(house, name).get("/requests/figures/load/").status_code == 403
    assert client_of(house, name).get("/requests/figures/load.csv").status_code == 403


def test_nothing_to_count_says_so(house: House) -> None:
    assert ReviewRequest.objects.count() == 0
    page = client_of(house, "chloe").get("/requests/figures/time/").content.decode()
    assert "Nothing was decided in this time." in page
    assert Client().get("/requests/figures/time/").status_code == 302
