"""The page of an event: what it says, where it stands in the log, and the proof of it."""

import contextlib
import html
import io
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from audit.log import keys
from audit.log.sequencer import sequence
from audit.models import Checkpoint, Event
from imprimatur.tlog.proof import InclusionProof
from imprimatur.tlog.tree import ProofFailed
from tests.audit.logs import signed, signer_in
from tests.dossiers import NOW
from tests.oversight.conftest import Audited

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_reviews")]

Budget = Callable[[int], AbstractContextManager[None]]


@pytest.fixture(autouse=True)
def _signer(settings: Any, tmp_path: Path) -> None:
    signer_in(settings, tmp_path / "signer")


@pytest.fixture
def event(audited: Audited) -> Event:
    return Event.objects.get(verb="request.submitted", object_id=str(audited.request.pk))


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode()


def test_the_downloaded_proof_holds_for_the_exact_bytes_and_for_nothing_else(
    client: Client, wanda: User, event: Event
) -> None:
    checkpoint = signed()
    client.force_login(wanda)
    leaf = client.get(f"/log/{event.pk}/bytes").content
    response = client.get(f"/log/{event.pk}/proof")
    assert response["Content-Disposition"] == f'attachment; filename="event-{event.pk}.tlog-proof"'
    proof = InclusionProof.parse(response.content.decode())
    head = proof.check(leaf, keys.verifiers())
    assert (head.size, head.root.hex()) == (checkpoint.size, checkpoint.root)
    with pytest.raises(ProofFailed):
        proof.check(leaf.replace(b"request.submitted", b"request.withdrawn"), keys.verifiers())


def test_the_program_on_the_page_checks_the_two_files_and_says_when_one_was_changed(
    client: Client, wanda: User, event: Event, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed()
    client.force_login(wanda)
    page = text(client, f"/log/{event.pk}/")
    program = html.unescape(page.split('id="by-hand"')[1].split(">", 1)[1].split("</pre>")[0])
    leaf, proof = tmp_path / f"event-{event.pk}.json", tmp_path / f"event-{event.pk}.tlog-proof"
    leaf.write_bytes(client.get(f"/log/{event.pk}/bytes").content)
    proof.write_bytes(client.get(f"/log/{event.pk}/proof").content)
    monkeypatch.chdir(tmp_path)
    assert said_by(program) == "in the log\n"
    leaf.write_bytes(leaf.read_bytes() + b" ")
    assert said_by(program) == "NOT IN THE LOG\n"


def said_by(program: str) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(compile(program, "by hand", "exec"), {})
    return out.getvalue()


def test_an_event_on_its_way_says_how_far_it_is_and_has_no_proof_yet(
    client: Client, wanda: User, audited: Audited, event: Event
) -> None:
    client.force_login(wanda)
    assert "waited for its place in the log since" in text(client, f"/log/{event.pk}/")
    sequence(NOW)
    assert "no signed head covers it yet" in text(client, f"/log/{event.pk}/")
    response = client.get(f"/log/{event.pk}/proof")
    assert (response.status_code, response["Location"]) == (302, f"/log/{event.pk}/")
    signed()
    page = text(client, f"/log/{event.pk}/")
    assert "Download the proof" in page
    assert Checkpoint.objects.get().root[:4] in page
    assert "waited for its place" not in page


def test_the_picture_climbs_the_path_that_the_proof_gives(client: Client, wanda: User, event: Event) -> None:
    signed()
    client.force_login(wanda)
    proof = InclusionProof.parse(client.get(f"/log/{event.pk}/proof").content.decode())
    page = text(client, f"/log/{event.pk}/")
    picture = page.split('class="meter path"')[1].split("</svg>")[0]
    assert picture.count('class="beside" cx=') == len(proof.hashes)
    assert all(step.hex()[:8] in picture for step in proof.hashes)
    last = page.split("As a table")[1].split("</table>")[0].split('class="hash">')[-1]
    assert last.split("<")[0].replace(" ", "") == Checkpoint.objects.get().root


def test_personal_values_are_listed_and_whoever_may_is_led_to_erasing_them(
    client: Client, wanda: User, audited: Audited, event: Event
) -> None:
    for user, may in ((wanda, False), (audited.house.ada, True)):
        client.force_login(user)
        page = text(client, f"/log/{event.pk}/")
        assert "Ravi Requester" in page
        assert (f"/log/{event.pk}/erase" in page) is may
    assert json.loads(bytes(event.leaf))["personal"]["actor"][:4] in page


def test_an_event_out_of_sight_has_neither_page_nor_proof(
    client: Client, aude: User, audited: Audited
) -> None:
    signed()
    hidden = Event.objects.filter(project=str(audited.other.pk)).latest("id")
    for user in (aude, audited.house.ravi):
        client.force_login(user)
        for part in ("", "bytes", "proof"):
            assert client.get(f"/log/{hidden.pk}/{part}").status_code == 404


def test_pages_and_files_do_not_break_on_a_leaf_that_somebody_made_unreadable(
    client: Client, wanda: User, event: Event
) -> None:
    columns = {
        name: getattr(event, name) for name in ("object_type", "object_id", "root_type", "root_id", "verb")
    }
    broken = Event.objects.create(leaf=b"\xffno leaf", actor="somebody", occurred_at=NOW, **columns)
    signed()
    client.force_login(wanda)
    story = f"/log/object/{event.object_type}/{event.object_id}/"
    for url in (f"/log/{broken.pk}/", f"/log/?open={broken.pk}", story):
        assert "somebody" in text(client, url)
    assert "be read: somebody changed it" in html.unescape(text(client, f"/log/{broken.pk}/"))
    for form in ("csv", "json"):
        for given in ({}, {"named": "yes", "reason": "Looked at."}):
            response = client.post("/log/export", {"format": form, **given})
            assert str(broken.pk) in b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]


def test_pages_of_events_and_objects_need_few_queries(
    client: Client, aude: User, audited: Audited, event: Event, django_assert_max_num_queries: Budget
) -> None:
    signed()
    request = audited.request
    client.force_login(aude)
    for url in (f"/log/{event.pk}/", f"/log/object/reviews.reviewrequest/{request.pk}/", "/log/"):
        client.get(url)  # the visit is noted
        with django_assert_max_num_queries(15):
            page = text(client, url)
    page = text(client, f"/log/object/reviews.reviewrequest/{request.pk}/")
    assert f"Story of request {request.pk}" in page
    assert "Revision 1" in page
    assert "follows event" in page
    assert client.get(f"/log/object/registry.project/{audited.other.pk}/").status_code == 404
