"""Notes that stay out of the review: who reads them, and that their words are nowhere else."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.test import Client

from audit.models import Event
from audit.refusal import Refused
from reminders.models import Message
from reviews.models import Note, ReviewRequest
from reviews.services.interests import recuse
from reviews.services.noting import erase_note, write_note
from tests.boardrooms import House, a_house, decided, in_review, verbs_about
from tests.dossiers import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines, pytest.mark.usefixtures("standing_house")]
PRIVATE, PRIVILEGED, REPLY = "kingfisher-private", "kingfisher-privileged", "kingfisher-reply"
REQUEST, SEARCH = "/requests/{reference}/", "/search/?q=groups"
READERS = {"lex": {PRIVILEGED, REPLY}, "milo": {PRIVATE}}
VISITS = [
    *((name, REQUEST) for name in ("lex", "milo", "chloe", "ravi", "rex")),
    ("chloe", "/requests/{reference}/history/"), ("lex", SEARCH), ("ada", "/log/"),
]  # fmt: skip


@pytest.fixture
def house() -> House:
    return a_house()


@pytest.fixture
def request_(house: House) -> ReviewRequest:
    return in_review(house, answers={"harmed": "Both groups were heard."})


def write(house: House, request: ReviewRequest, name: str, readers: str, text: str, **given: Any) -> Note:
    return write_note(
        actor=house.people[name], request_id=request.pk, readers=readers, text=text, now=NOW,
        **{"question_key": "harmed"} | given,
    )  # fmt: skip


def everywhere() -> dict[str, str]:
    """Return the whole database as text, by table."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows = cursor.fetchall()
            found[table] = str([bytes(v) if isinstance(v, memoryview) else v for row in rows for v in row])
    return found


def test_the_words_of_a_note_stand_in_its_row_and_nowhere_else(house: House, request_: ReviewRequest) -> None:
    write(house, request_, "milo", "private", f"{PRIVATE} @Chloe Chair", quote="Both groups")
    note = write(house, request_, "lex", "privileged", f"@Lex Legal {PRIVILEGED}", quote="Both groups")
    write(house, request_, "lex", "privileged", REPLY, answers=note.pk)
    decision = decided(house, request_)
    assert decision.record is not None
    tables = {table for table, text in everywhere().items() if "kingfisher" in text}
    assert tables == {"reviews_note"}, "no record, event, disclosure, mail, message or index holds them"
    assert not any(verb.startswith("note") for verb in verbs_about(request_)), (
        "nor does the story of the request"
    )
    assert not Message.objects.filter(kind="discussion.mentioned").exists(), (
        "nobody names themself, or in private"
    )
    for name, place in VISITS:
        client = Client()
        client.force_login(house.people[name])
        response = client.get(place.format(reference=request_.reference))
        assert response.status_code == 200
        found = {word for word in (PRIVATE, PRIVILEGED, REPLY) if word in response.content.decode()}
        assert found == (READERS.get(name, set()) if place == REQUEST else set()), (name, place)


def test_privileged_notes_are_of_legal_staff_without_a_part_in_the_request(
    house: House, request_: ReviewRequest
) -> None:
    for name in ("ravi", "chloe", "milo", "rex", "sena", "sid"):
        with pytest.raises(PermissionDenied):
            write(house, request_, name, "privileged", PRIVILEGED)
    with pytest.raises(Http404):
        write(house, request_, "ugo", "privileged", PRIVILEGED)
    note = write(house, request_, "lex", "privileged", PRIVILEGED)
    with pytest.raises(Refused, match="names nobody"):
        write(house, request_, "lex", "privileged", "@Chloe Chair")
    for name in ("chloe", "milo"):
        with pytest.raises(Http404):
            write(house, request_, name, "privileged", REPLY, answers=note.pk)
    with pytest.raises(PermissionDenied):
        erase_note(actor=house.lex, note_id=note.pk, now=NOW)
    recuse(actor=house.lex, request_id=request_.pk, kind="personal", reason="A cousin.", now=NOW)
    client = Client()
    client.force_login(house.lex)
    assert PRIVILEGED not in client.get(f"/requests/{request_.reference}/").content.decode()
    with pytest.raises(PermissionDenied):
        write(house, request_, "lex", "privileged", PRIVILEGED)


def test_a_private_note_is_erased_by_its_author_for_good(house: House, request_: ReviewRequest) -> None:
    with pytest.raises(PermissionDenied):
        write(house, request_, "rex", "private", PRIVATE)
    note = write(house, request_, "milo", "private", PRIVATE)
    for name in ("chloe", "ravi", "lex"):
        with pytest.raises(Http404):
            erase_note(actor=house.people[name], note_id=note.pk, now=NOW)
    with pytest.raises(Refused, match="alone"):
        write(house, request_, "milo", "private", "More.", answers=note.pk)
    erase_note(actor=house.milo, note_id=note.pk, now=NOW)
    assert not any(PRIVATE in text for text in everywhere().values())
    told = Event.objects.filter(object_type="reviews.note").order_by("id")
    assert [event.verb for event in told] == ["note.made", "note.erased"]
