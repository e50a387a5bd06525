"""Pages of bundles: asked for with a button, with progress, downloaded in parts."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from audit.models import Event
from jobs.models import Job
from oversight import shelf
from oversight.models import Bundle, Engagement
from tests.oversight.conftest import Audited

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_reviews")]
CONTENT = b"PK" + bytes(range(250)) * 40


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def ready(client: Client, aude: User) -> Bundle:
    """A bundle that Aude asked for on the page, with a file; she is signed in."""
    client.force_login(aude)
    assert client.post(f"/engagements/{Engagement.objects.get().pk}/bundles").status_code == 302
    bundle = Bundle.objects.get()
    with shelf.place(bundle.pk).open("w+b") as file:
        kept = shelf.Locked(bundle.pk, file)
        kept.write(CONTENT)
        kept.flush()
    whole = shelf.weigh(bundle.pk)
    Bundle.objects.update(state="ready", made_at=timezone.now(), sha256=whole.sha256, size=whole.size)
    return Bundle.objects.get()


def test_a_bundle_that_is_asked_for_shows_its_progress_until_it_is_ready(client: Client, aude: User) -> None:
    client.force_login(aude)
    url = f"/engagements/{Engagement.objects.get().pk}/bundles"
    said = client.post(url, follow=True).content.decode()
    assert "The bundle is being made" in said
    jobs, asks = Job.objects.filter(kind="bundle.build"), {"HX-Request": "true"}
    jobs.update(state="running", progress=41, progress_text="events 1200/5000")
    part = client.get(url, headers=asks).content.decode()
    assert 'value="41"' in part
    assert "1200 of 5000 events" in part
    assert f'hx-get="{url}"' in part
    assert "<html" not in part
    Bundle.objects.update(failure="The disk is full: 3 MB are free.")
    assert "The disk is full" in client.get(url, headers=asks).content.decode()
    jobs.update(state="failed")
    part = client.get(url, headers=asks).content.decode()
    assert "Could not be made" in part
    assert "hx-get" not in part


def test_a_ready_bundle_is_downloaded_and_its_digest_is_on_the_page(client: Client, ready: Bundle) -> None:
    page = client.get(f"/engagements/{ready.engagement_id}/").content.decode()
    assert f'data-copy="{ready.sha256}"' in page
    assert "hx-get" not in page.split('id="bundles-list"')[1].split(">")[0]
    response = client.get(f"/engagements/bundles/{ready.pk}/file")
    assert response.getvalue() == CONTENT
    assert (response.status_code, response["Content-Type"]) == (200, "application/zip")
    assert (response["ETag"], response["Accept-Ranges"]) == (f'"{ready.sha256}"', "bytes")
    assert response["Content-Length"] == str(len(CONTENT))
    assert ready.sha256[:8] in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]


def test_a_download_that_broke_goes_on_and_is_one_event(client: Client, ready: Bundle) -> None:
    url, etag = f"/engagements/bundles/{ready.pk}/file", f'"{ready.sha256}"'
    first = client.get(url, headers={"Range": "bytes=0-3999"})
    rest = client.get(url, headers={"Range": "bytes=4000-", "If-Range": etag})
    assert (first.status_code, rest.status_code) == (206, 206)
    assert first.getvalue() + rest.getvalue() == CONTENT
    assert rest["Content-Range"] == f"bytes 4000-{len(CONTENT) - 1}/{len(CONTENT)}"
    assert Event.objects.filter(verb="bundle.downloaded").count() == 1
    other = client.get(url, headers={"Range": "bytes=4000-", "If-Range": '"of another bundle"'})
    assert (other.status_code, other.getvalue()) == (200, CONTENT)
    assert client.get(url, headers={"Range": f"bytes={len(CONTENT)}-"}).status_code == 416
    assert client.head(url)["Content-Length"] == str(len(CONTENT))
    assert Event.objects.filter(verb="bundle.downloaded").count() == 2
    assert not Event.objects.filter(verb="engagement.downloaded").exists()


def test_without_a_file_the_page_says_what_to_do(client: Client, ready: Bundle) -> None:
    url = f"/engagements/bundles/{ready.pk}/file"
    shelf.place(ready.pk).write_bytes(b"cut off")
    assert "Make another one." in client.get(url, follow=True).content.decode()
    Bundle.objects.update(state="gone")
    assert "Make another one." in client.get(url, headers={"Range": "bytes=5-"}, follow=True).content.decode()
    assert not Event.objects.filter(verb="bundle.downloaded").exists()


def test_others_find_neither_bundle_nor_button(
    client: Client, audited: Audited, ready: Bundle, basil: User, lars: User, otto: User
) -> None:
    house, reference = audited.house, audited.request.reference
    for somebody in (basil, lars, otto, house.lex, house.ravi, house.ugo):
        client.force_login(somebody)
        assert client.get(f"/engagements/bundles/{ready.pk}/file").status_code == 404
        assert client.post(f"/engagements/{ready.engagement_id}/bundles").status_code == 404
    for somebody in (lars, otto, house.ravi, house.chloe, house.ugo):
        client.force_login(somebody)
        assert client.get(f"/requests/{reference}/bundles").status_code == 404
        assert client.post(f"/requests/{reference}/bundles").status_code == 404
    assert Bundle.objects.count() == 1
    Engagement.objects.update(ends_at=timezone.now(), starts_at="2020-01-01T00:00Z")
    client.force_login(ready.asked_by)
    assert client.get(f"/engagements/bundles/{ready.pk}/file").status_code == 404


def test_legal_staff_ask_for_the_bundle_of_a_request_with_its_names_for_a_reason(
    client: Client, audited: Audited
) -> None:
    client.force_login(audited.house.lex)
    url = f"/requests/{audited.request.reference}/bundles"
    assert "Make a bundle" in client.get(url).content.decode()
    said = client.post(url, {"with_disclosures": "on"}, follow=True).content.decode()
    assert "Say why" in said
    assert not Bundle.objects.exists()
    client.post(url, {"with_disclosures": "on", "reason": "A court asks."})
    bundle = Bundle.objects.get()
    assert (bundle.with_disclosures, bundle.reason, bundle.engagement) == (True, "A court asks.", None)
    assert "Being made" in client.get(url).content.decode()


def test_the_page_with_bundles_and_news_needs_few_queries(
    client: Client,
    ready: Bundle,
    django_assert_max_num_queries: Callable[[int], AbstractContextManager[None]],
) -> None:
    url = f"/engagements/{ready.engagement_id}/"
    assert client.get(url).status_code == 200
    Engagement.objects.get().visits.filter(kind="engagement").update(
        began_at="2026-11-24T09:00Z", last_at="2026-11-24T09:00Z"
    )
    assert "Since your last visit" in client.get(url).content.decode()
    with django_assert_max_num_queries(15):
        assert client.get(url).status_code == 200
