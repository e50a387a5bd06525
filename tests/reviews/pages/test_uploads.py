"""A file that comes in parts: begun, sent on from where it stands, and attached when it is whole."""

import hashlib
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import User
from accounts.roles import Role
from audit.files import check, place_of
from audit.models import Event
from reviews.models import AnswerFile, ReviewRequest
from tests.dossiers import person
from tests.reviews.pages.drafting import entered

pytestmark = pytest.mark.django_db

CONTENT = bytes(range(256)) * (5 * 4096)  # 5 MB
DIGEST = hashlib.sha256(CONTENT).hexdigest()


def begin(client: Client, request: ReviewRequest, question: str = "need", **given: Any) -> Any:
    address = f"/requests/{request.reference}/dossier/answers/{question}/uploads/"
    return client.post(address, {"name": "../台账 ledger.csv", "size": len(CONTENT)} | given)


def send(client: Client, address: str, offset: int, part: bytes) -> Any:
    return client.post(
        address,
        part,
        content_type="application/octet-stream",
        headers={"Upload-Offset": str(offset), "HX-Request": "true"},
    )


def attach(client: Client, request: ReviewRequest, token: str, question: str = "need") -> Any:
    address = f"/requests/{request.reference}/dossier/answers/{question}/files/"
    return client.post(address, {"upload": token}, headers={"HX-Request": "true"})


def test_parts_are_taken_in_and_the_whole_is_attached(request_: ReviewRequest, requester: User) -> None:
    client = entered(requester)
    begun = begin(client, request_).json()
    half = len(CONTENT) // 2
    assert send(client, begun["address"], 0, CONTENT[:half]).json() == {"offset": half}
    again = send(client, begun["address"], 0, CONTENT[:half])
    assert (again.status_code, again.json()) == (409, {"offset": half})
    assert client.get(begun["address"]).json() == {"offset": half}
    early = attach(client, request_, begun["token"])
    assert early.status_code == 422
    assert not AnswerFile.objects.exists()
    send(client, begun["address"], half, CONTENT[half:])
    shown = attach(client, request_, begun["token"]).content.decode()
    file = AnswerFile.objects.get()
    assert (file.name, file.size, file.sha256) == ("台账 ledger.csv", len(CONTENT), DIGEST)
    assert check(DIGEST).size == len(CONTENT)
    assert "台账 ledger.csv" in shown
    assert Event.objects.filter(verb="dossier_file.added").count() == 1
    assert client.get(begun["address"]).status_code == 404


def test_an_upload_is_of_use_to_nobody_else_and_for_nothing_else(
    request_: ReviewRequest, requester: User
) -> None:
    client, other = entered(requester), entered(person("Oto Outsider", Role.RESEARCHER))
    begun = begin(client, request_, size=4).json()
    assert other.get(begun["address"]).status_code == 404
    assert send(other, begun["address"], 0, b"evil").status_code == 404
    assert other.delete(begun["address"]).status_code == 404
    send(client, begun["address"], 0, b"good")
    assert attach(client, request_, begun["token"], "data_rights").status_code == 422
    assert attach(client, request_, "0" * 32).status_code == 422
    assert not AnswerFile.objects.exists()


def test_what_is_refused_at_the_end_leaves_the_upload_as_it_was(
    request_: ReviewRequest, requester: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = entered(requester)
    begun = begin(client, request_, size=4).json()
    send(client, begun["address"], 0, b"good")
    monkeypatch.setattr("reviews.services.evidence.MOST_FILES", 0)
    assert begin(client, request_).status_code == 422, "said before anything is sent"
    assert attach(client, request_, begun["token"]).status_code == 422
    assert client.get(begun["address"]).json() == {"offset": 4}
    assert not place_of(hashlib.sha256(b"good").hexdigest()).exists()
    monkeypatch.undo()
    attach(client, request_, begun["token"])
    assert AnswerFile.objects.get().size == 4


def test_a_cancelled_upload_is_forgotten(request_: ReviewRequest, requester: User) -> None:
    client = entered(requester)
    begun = begin(client, request_).json()
    assert client.delete(begun["address"]).status_code == 200
    assert send(client, begun["address"], 0, b"x").status_code == 404


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"size": "0"}, "This file is empty"),
        ({"size": "-5"}, "This file is empty"),
        ({"size": str(1024**2 + 1)}, "1 MB at most"),
        ({"question": "opt_outs"}, "takes no files"),
    ],
)
def test_what_is_not_taken_is_refused_before_it_is_sent(
    request_: ReviewRequest, requester: User, settings: Settings, given: dict[str, str], words: str
) -> None:
    settings.UPLOAD_MEGABYTES = 1
    answer = begin(entered(requester), request_, **{"size": "5"} | given)
    assert answer.status_code == 422
    assert words in answer.json()["refused"]


def test_more_than_was_announced_is_refused(request_: ReviewRequest, requester: User) -> None:
    client = entered(requester)
    begun = begin(client, request_, size=4).json()
    answer = send(client, begun["address"], 0, b"12345")
    assert answer.status_code == 422
    assert "More came" in answer.json()["refused"]


def test_outsiders_begin_nothing(request_: ReviewRequest) -> None:
    assert begin(entered(person("Oto Outsider", Role.RESEARCHER)), request_).status_code == 404
    assert begin(Client(), request_).status_code == 302
