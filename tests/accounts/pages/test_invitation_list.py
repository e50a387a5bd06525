"""Inviting by CSV: first a look, then all or nobody."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from tests.accounts.conftest import Answer, text_of

GOOD = "email,name,roles,language,time zone,line manager\n"
GOOD += (
    "lin@example.org,林雨晴,researcher,zh,Asia/Shanghai,hanna.lindqvist@example.org\nbo@example.org,Bo,,,,\n"
)


def look(office: Client, content: str | bytes, name: str = "people.csv") -> Answer:
    raw = content.encode() if isinstance(content, str) else content
    return office.post("/people/invite-list/", {"file": SimpleUploadedFile(name, raw)})


def kept(answer: Answer) -> str:
    found = re.search(r'name="rows" value="([^"]+)"', text_of(answer))
    assert found
    return found.group(1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_a_look_shows_the_people_and_invites_nobody(office: Client, member: User, encoding: str) -> None:
    page = text_of(look(office, GOOD.encode(encoding)))
    assert "2 people would be invited" in page
    assert "林雨晴" in page
    assert not User.objects.filter(email="lin@example.org").exists()


def test_confirming_invites_everybody(office: Client, member: User) -> None:
    office.post("/people/invite-list/confirm/", {"rows": kept(look(office, GOOD))})
    person = User.objects.get(email="lin@example.org")
    assert (person.language, person.time_zone, person.line_manager) == ("zh-hans", "Asia/Shanghai", member)
    assert User.objects.filter(email="bo@example.org").exists()


def test_errors_are_shown_by_row_and_nothing_can_be_confirmed(office: Client, member: User) -> None:
    page = text_of(look(office, f"email,roles\nok@example.org,\n{member.email},king\n,\nbad,\n"))
    assert "2 rows have to be put right" in page
    assert "belongs to somebody already" in page
    assert "no role “king”" in page
    assert 'name="rows"' not in page
    assert not User.objects.filter(email="ok@example.org").exists()


def test_a_line_manager_who_is_not_here_is_an_error(office: Client) -> None:
    assert "not among the people here" in text_of(
        look(office, "email,manager\na@example.org,who@example.org\n")
    )


def test_somebody_who_came_in_meanwhile_stops_everything(office: Client, member: User) -> None:
    rows = kept(look(office, GOOD))
    User.objects.create_user("bo@example.org", None, display_name="Bo")
    answer = office.post("/people/invite-list/confirm/", {"rows": rows})
    assert "1 row has to be put right" in text_of(answer)
    assert not User.objects.filter(email="lin@example.org").exists()


def test_confirming_twice_invites_once(office: Client, member: User) -> None:
    rows = kept(look(office, GOOD))
    office.post("/people/invite-list/confirm/", {"rows": rows})
    office.post("/people/invite-list/confirm/", {"rows": rows})
    assert User.objects.filter(email="lin@example.org").count() == 1


@pytest.mark.parametrize("rows", ["", "rubbish", "W3siZW1haWwiOiJ4QHkuenoifV0:1abc:def"])
def test_a_preview_that_was_tampered_with_invites_nobody(office: Client, rows: str) -> None:
    before = User.objects.count()
    answer = office.post("/people/invite-list/confirm/", {"rows": rows}, follow=True)
    assert "Nobody was invited" in text_of(answer)
    assert User.objects.count() == before


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"PK\x03\x04", "people.csv", "not a CSV file"),
        (b"email\n", "people.csv", "nobody in this list"),
        (b"", "people.csv", "nobody in this list"),
        (b"name\nx\n", "people.csv", "no heading"),
        (b"email\nx@example.org\n", "people.xlsx", "ends in .csv"),
        (b"a" * 1_000_001, "people.csv", "larger than 1 MB"),
    ],
)
def test_a_file_that_is_no_list_is_refused(office: Client, content: bytes, name: str, sentence: str) -> None:
    assert sentence in text_of(look(office, content, name))


def test_a_formula_is_shown_as_text_and_refused(office: Client) -> None:
    page = text_of(look(office, 'email,name\nx@example.org,"=HYPERLINK(1)<script>"\n'))
    assert "begins like a formula" in page
    assert "<script>" not in page.split("<main")[1]
