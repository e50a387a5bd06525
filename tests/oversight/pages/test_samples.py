"""Pages of samples and of workbooks: drawing, noting, and what is needed to repeat the draw elsewhere."""

import hashlib
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from accounts.models import User
from audit.models import Event
from oversight.models import Engagement, Sample, SampleItem
from tests.oversight.conftest import Audited

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_reviews")]


@pytest.fixture
def drawn(client: Client, aude: User) -> Sample:
    """A sample that Aude drew on the page; she is signed in."""
    client.force_login(aude)
    response = client.post(
        f"/engagements/{Engagement.objects.get().pk}/samples", {"size": 3, "seed": "7-19-22"}, follow=True
    )
    assert "The sample is drawn" in response.content.decode()
    return Sample.objects.get()


def test_the_page_shows_the_draw_repeated_and_how_to_repeat_it(
    client: Client, audited: Audited, drawn: Sample
) -> None:
    text = client.get(f"/engagements/samples/{drawn.pk}/").content.decode()
    assert "the same requests in the same order" in text
    assert "7-19-22" in text
    assert "sha256sum" in text
    assert f"/requests/{audited.request.reference}/" in text
    listed = client.get(f"/engagements/samples/{drawn.pk}/drawn-from.txt")
    assert listed.content == f"{audited.request.reference}\n".encode()
    assert hashlib.sha256(listed.content).hexdigest() == drawn.population_sha256


def test_what_an_auditor_notes_stands_on_the_page_and_what_makes_no_sense_is_said(
    client: Client, drawn: Sample
) -> None:
    item = drawn.items.get()
    url = f"/engagements/samples/{drawn.pk}/items/{item.pk}"
    said = client.post(url, {"state": "noted", "note": "It changed <late>."}, follow=True).content.decode()
    assert "It changed &lt;late&gt;." in said
    assert "1 of 1 looked at" in said
    assert "Write what you noted." in client.post(url, {"state": "noted"}, follow=True).content.decode()
    assert "Choose how far" in client.post(url, {"state": "x"}, follow=True).content.decode()
    assert Event.objects.filter(verb="sample.noted").count() == 1


def test_a_form_that_makes_no_sense_draws_nothing(client: Client, aude: User) -> None:
    client.force_login(aude)
    url = f"/engagements/{Engagement.objects.get().pk}/samples"
    for wrong in ({"size": 0}, {"size": ""}, {"size": 3, "seed": "$(reboot)"}, {"size": 10**9}):
        assert client.post(url, wrong, follow=True).redirect_chain
    assert not Sample.objects.exists()


def test_administrators_look_at_a_sample_and_change_nothing_and_others_do_not_find_it(
    client: Client, audited: Audited, drawn: Sample, basil: User, otto: User
) -> None:
    item = drawn.items.get()
    urls = [f"/engagements/samples/{drawn.pk}/", f"/engagements/samples/{drawn.pk}/drawn-from.txt"]
    client.force_login(audited.house.ada)
    assert [client.get(url).status_code for url in urls] == [200, 200]
    assert "Note how far it is" not in client.get(urls[0]).content.decode()
    assert (
        client.post(f"/engagements/samples/{drawn.pk}/items/{item.pk}", {"state": "looked_at"}).status_code
        == 404
    )
    assert client.post(f"/engagements/{drawn.engagement_id}/samples", {"size": 1}).status_code == 404
    for somebody in (basil, otto, audited.house.lex, audited.house.ugo):
        client.force_login(somebody)
        assert [client.get(url).status_code for url in urls] == [404, 404]
        for url in (
            f"/engagements/samples/{drawn.pk}/items/{item.pk}",
            f"/engagements/samples/{drawn.pk}/sample.xlsx",
        ):
            assert client.post(url, {"state": "looked_at"}).status_code == 404
        assert client.post(f"/engagements/{drawn.engagement_id}/events.xlsx").status_code == 404
    assert SampleItem.objects.get().state == "open"


def rows(response: Any) -> dict[str, list[tuple[Any, ...]]]:
    book = load_workbook(io.BytesIO(response.getvalue()))
    return {page.title: list(page.values) for page in book}


def test_workbooks_hold_what_is_in_scope_and_each_is_an_event(
    client: Client, audited: Audited, drawn: Sample
) -> None:
    base = f"/engagements/{drawn.engagement_id}"
    in_scope = Event.objects.filter(project=str(audited.project.pk)).count()
    events = rows(client.post(f"{base}/events.xlsx"))["Events"]
    verbs = [row[2] for row in events[1:]]
    assert {"request.submitted", "engagement.made"} <= set(verbs)
    assert len(verbs) >= in_scope
    assert not any(
        "Ravi Requester" in str(cell) for row in events for cell in row
    )  # a pseudonym stands there
    requests = rows(client.post(f"{base}/requests.xlsx"))["Requests"]
    assert [row[0] for row in requests[1:]] == [audited.request.reference]
    sheets = rows(client.post(f"/engagements/samples/{drawn.pk}/sample.xlsx"))
    rank = hashlib.sha256(f"7-19-22:{audited.request.reference}".encode()).hexdigest()
    assert sheets["Sample"][1][1] == audited.request.reference
    assert sheets["Drawn from"][1:] == [(rank, audited.request.reference)]
    assert ("Seed", "7-19-22") in sheets["Draw"]
    assert Event.objects.filter(verb="log.exported").count() == 1
    assert Event.objects.filter(verb="engagement.downloaded").count() == 2


def test_the_pages_of_samples_need_few_queries(
    client: Client,
    drawn: Sample,
    django_assert_max_num_queries: Callable[[int], AbstractContextManager[None]],
) -> None:
    with django_assert_max_num_queries(15):
        assert client.get(f"/engagements/samples/{drawn.pk}/").status_code == 200
    with django_assert_max_num_queries(15):
        assert client.get(f"/engagements/{drawn.engagement_id}/history").status_code == 200


def test_the_story_of_a_request_leads_who_may_take_it_away_to_its_bundles(
    client: Client, audited: Audited, aude: User
) -> None:
    story, bundles = (
        f"/requests/{audited.request.reference}/history/",
        f"/requests/{audited.request.reference}/bundles",
    )
    for user, found in ((aude, True), (audited.house.lex, True), (audited.house.ravi, False)):
        client.force_login(user)
        assert (bundles in client.get(story).content.decode()) is found
