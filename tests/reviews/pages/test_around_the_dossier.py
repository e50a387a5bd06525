"""Around the dossier: who works on it, what it is for, how it begins and is withdrawn, and who finds it."""

import pytest
from django.test import Client

from accounts.models import User
from accounts.roles import Role
from reviews.models import Answer, ReviewRequest
from reviews.rules.lifecycle import RequestState
from tests.dossiers import a_project, a_version, person, submitted
from tests.reviews.pages.drafting import HTMX, at, entered

pytestmark = pytest.mark.django_db


def test_people_and_purpose_have_a_page(request_: ReviewRequest, requester: User) -> None:
    client, contributor = entered(requester), person("Cora Contributor")
    assert (
        b"Nobody here has this address"
        in client.post(at(request_, "people/"), {"email": "x@example.org"}).content
    )
    assert client.post(at(request_, "people/"), {"email": contributor.email.upper()}).status_code == 302
    assert b"Cora Contributor" in client.get(at(request_, "people/")).content
    assert entered(contributor).get(at(request_)).status_code == 200
    client.post(at(request_, "purpose/"), {"purpose": "For partners"})
    assert b"For partners" in client.get(at(request_)).content
    client.post(at(request_, f"people/{contributor.pk}/end/"))
    assert entered(contributor).get(at(request_)).status_code == 404


def test_a_new_request_begins_with_a_version(requester: User) -> None:
    project = a_project(requester)
    client = entered(requester)
    assert b"no model version" in client.get("/requests/new/").content
    version = a_version(requester, project=project)
    sent = {"version": version.pk, "purpose": "For the port", "language": "en"}
    page = client.post("/requests/new/", sent)
    request = ReviewRequest.objects.get()
    assert page["Location"] == at(request)
    assert b"is open already" in client.post("/requests/new/", sent).content
    assert ReviewRequest.objects.count() == 1


def test_withdrawing_asks_once_more(request_: ReviewRequest, requester: User) -> None:
    client, address = entered(requester), f"/requests/{request_.reference}/withdraw/"
    assert client.post(address, {}).status_code == 200
    assert client.post(address, {"sure": "on", "reason": "The plan changed."}).status_code == 302
    request_.refresh_from_db()
    assert request_.state == RequestState.WITHDRAWN


PARTS = [
    "dossier/", "dossier/answers/need/", "dossier/manifest/", "dossier/people/", "withdraw/",
    "POST dossier/answers/need/files/", "POST dossier/files/1/remove/", "POST dossier/people/1/end/",
    "POST dossier/purpose/", "POST dossier/submit/",
]  # fmt: skip


@pytest.mark.parametrize("part", PARTS)
def test_outsiders_find_nothing_and_visitors_are_sent_to_sign_in(request_: ReviewRequest, part: str) -> None:
    method, _blank, path = part.rpartition(" ")
    address = f"/requests/{request_.reference}/{path}"
    outsider = entered(person("Oto Outsider", Role.RESEARCHER))
    ask = "post" if method else "get"
    assert getattr(outsider, ask)(address).status_code == 404
    assert "/accounts/login/" in getattr(Client(), ask)(address)["Location"]
    if method:
        assert outsider.get(address).status_code == 405
    assert not Answer.objects.exists()


def test_who_may_read_but_not_write_is_refused(requester: User) -> None:
    request = submitted(requester).request
    legal = entered(person("Lea Legal", Role.LEGAL))
    assert legal.get(at(request)).status_code == 403
    assert legal.post(at(request, "answers/need/"), {"a-need": "x", "v-need": "1"}, **HTMX).status_code == 403
    assert legal.get(f"/requests/{request.reference}/withdraw/").status_code == 403
