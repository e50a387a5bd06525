"""Bringing a library: it is seen with what it changes before it is kept, and kept whole or not at all."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from audit.models import Event
from compliance.models import Library
from compliance.rules.import_oscal import read_catalog
from tests.compliance.conftest import MakeSchedule
from tests.compliance.pages.conftest import Browser

ADDRESS = "/compliance/library-import/"
FIRST = "number,group,group_en,title_en,text_en\n1,A,Part,One,Keep the list.\n2,A,,Two,Look again.\n"
SECOND = "number,group,group_en,title_en,text_en\n1,A,Part,One,Keep the roster.\n3,A,,Three,Look once.\n"


def text(answer: object) -> str:
    return " ".join(answer.content.decode().split())  # type: ignore[attr-defined]


def read(client: Client, content: str, **given: str) -> HttpResponse:
    told = {"code": "ours", "name": "Ours", "language": "en", "source": "Policy", "confidence": "P"} | given
    file = SimpleUploadedFile("library.csv", content.encode())
    return client.post(ADDRESS, told | {"file": file})  # type: ignore[return-value]


def sealed(answer: object) -> str:
    found = re.search(r'name="sealed" value="([^"]+)"', answer.content.decode())  # type: ignore[attr-defined]
    assert found
    return found[1]


def keep(client: Client, content: str) -> HttpResponse:
    seal = sealed(read(client, content))
    return client.post(f"{ADDRESS}keep/", {"sealed": seal}, follow=True)  # type: ignore[return-value]


def test_a_library_is_seen_before_it_is_kept_with_one_event(
    secretary: User, browser: Browser, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = browser(secretary)
    with django_assert_max_num_queries(15):
        seen = read(client, FIRST)
    assert "Ours: 2 controls" in text(seen)
    assert not Library.objects.filter(code="ours").exists()
    before = Event.objects.count()
    kept = client.post(f"{ADDRESS}keep/", {"sealed": sealed(seen)}, follow=True)
    assert "The library was imported." in text(kept)
    library = Library.objects.get(code="ours")
    assert (library.origin, library.version, library.controls.count()) == ("imported", 1, 2)
    event = Event.objects.latest("id")
    assert (Event.objects.count(), event.verb, str(event.actor)) == (
        before + 1, "library.imported", str(secretary.pseudonym),
    )  # fmt: skip
    again = client.post(f"{ADDRESS}keep/", {"sealed": sealed(seen)}, follow=True)
    assert "nothing changed" in text(again)
    assert Library.objects.filter(code="ours").count() == 1


def test_an_update_shows_what_changes_and_which_schedule_it_touches(
    secretary: User, browser: Browser, make_schedule: MakeSchedule
) -> None:
    client = browser(secretary)
    keep(client, FIRST)
    schedule = make_schedule(library="ours", numbers=("2",))
    seen = text(read(client, SECOND))
    for said in (
        "1 control added",
        "1 control removed",
        "1 control changed",
        "<del>list</del>",
        "<ins>roster</ins>",
    ):
        assert said in seen
    assert f'href="/compliance/schedules/{schedule.pk}/"' in seen
    assert "these controls are no longer there: 2" in seen
    keep(client, SECOND)
    page = text(client.get("/compliance/libraries/ours/difference/"))
    assert "<ins>roster</ins>" in page
    back = text(client.get("/compliance/libraries/ours/difference/?old=2&new=1"))
    assert "<ins>list</ins>" in back
    assert client.get("/compliance/libraries/ours/difference/?old=9").status_code == 404


def test_what_a_person_may_not_see_is_not_said_to_be_touched(
    secretary: User, outsider: User, browser: Browser, make_schedule: MakeSchedule
) -> None:
    client = browser(secretary)
    keep(client, FIRST)
    make_schedule(library="ours", numbers=("2",))
    keep(client, SECOND)
    assert (
        "/compliance/schedules/"
        in text(client.get("/compliance/libraries/ours/difference/")).split("touches")[1]
    )
    assert "no longer there" not in text(browser(outsider).get("/compliance/libraries/ours/difference/"))


@pytest.mark.both_engines
def test_nothing_is_kept_of_a_file_with_a_fault_and_each_is_told_with_its_row(
    secretary: User, browser: Browser
) -> None:
    answer = read(browser(secretary), FIRST + "2,A,,,Text\n")
    assert answer.status_code == 422
    assert "<td>4</td><td>number</td><td>This number stands at 3 already.</td>" in text(answer)
    assert "<td>4</td><td>title_en</td>" in text(answer)
    assert not Library.objects.filter(code="ours").exists()


def test_the_code_of_what_ships_is_refused(secretary: User, browser: Browser) -> None:
    answer = read(browser(secretary), FIRST, code="board-duties")
    assert answer.status_code == 422
    assert "ships with the product" in text(answer)


def test_a_preview_is_kept_only_by_who_read_it_and_unchanged(
    secretary: User, reviewer: User, owner: User, browser: Browser
) -> None:
    seal = sealed(read(browser(secretary), FIRST))
    for person, sent in ((reviewer, seal), (secretary, seal[:-3] + "abc"), (secretary, "")):
        answer = browser(person).post(f"{ADDRESS}keep/", {"sealed": sent}, follow=True)
        assert "Read the file again" in text(answer)
    assert browser(owner).post(f"{ADDRESS}keep/", {"sealed": seal}).status_code == 403
    assert not Library.objects.filter(code="ours").exists()


def test_a_library_goes_out_as_an_oscal_catalog_and_comes_in_again(secretary: User, browser: Browser) -> None:
    answer = browser(secretary).get("/compliance/libraries/board-duties.json")
    found = read_catalog(answer.content)
    library = Library.objects.get(code="board-duties")
    assert [row["number"] for row in found.controls] == [row.number for row in library.controls.all()]
    assert found.controls[0]["text"]["en"] == library.controls.all()[0].text_en
    assert json.loads(answer.content)["catalog"]["metadata"]["title"] == "Duties of the boards"
    assert found.faults == []
