"""Pages of engagements."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from audit.models import Event
from oversight.models import Engagement
from records.models import Record
from tests.dossiers import NOW
from tests.oversight.conftest import Audited, Make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_reviews")]


@pytest.fixture
def posted(audited: Audited, otto: User) -> dict[str, Any]:
    return {
        "title": "Annual audit", "purpose": "The yearly look.", "auditors": [otto.pk], "covers": "parts",
        "projects": [audited.project.pk], "boards": [audited.house.boards["ethics"].pk],
        "starts_on": "2026-11-01", "ends_on": "2099-12-31",
    }  # fmt: skip


def a_record(audited: Audited, about: object = None) -> Record:
    return Record.objects.create(
        kind="review", object_type="reviews.reviewrequest", object_id=str(about or audited.request.pk),
        reference=audited.request.reference, language="en", title="Harbor-7B 2.1", outcome="approved",
        code=str(about or "A" * 16),
        context=b"{}", context_sha256="0" * 64, frozen_at=NOW,
    )  # fmt: skip


def test_an_administrator_makes_an_engagement_and_its_days_are_whole_ones(
    client: Client, audited: Audited, otto: User, posted: dict[str, Any]
) -> None:
    client.force_login(audited.house.ada)
    assert client.get("/engagements/new").status_code == 200
    response = client.post("/engagements/new", posted, follow=True)
    made = Engagement.objects.get()
    assert "Annual audit" in response.content.decode()
    assert [grant.user for grant in made.grants.all()] == [otto]
    assert (made.starts_at.isoformat(), made.ends_at.isoformat()) == (
        "2026-11-01T00:00:00+00:00",
        "2100-01-01T00:00:00+00:00",
    )


def test_a_form_that_makes_no_sense_says_why_and_makes_nothing(
    client: Client, audited: Audited, posted: dict[str, Any]
) -> None:
    client.force_login(audited.house.ada)
    wrongs: list[dict[str, Any]] = [
        {"title": ""}, {"auditors": []}, {"projects": [], "boards": []}, {"ends_on": "2026-10-01"}, {"covers": ""},
        {"starts_on": "2020-01-01", "ends_on": "2020-02-01"},
    ]  # fmt: skip
    for wrong in wrongs:
        response = client.post("/engagements/new", posted | wrong)
        assert response.status_code == 422
        assert "Nothing was saved" in response.content.decode()
    assert not Engagement.objects.exists()


def test_only_people_with_the_role_are_offered_as_auditors(
    client: Client, audited: Audited, otto: User, posted: dict[str, Any]
) -> None:
    client.force_login(audited.house.ada)
    text = client.get("/engagements/new").content.decode()
    assert "Otto Auditor" in text
    assert "Chloe Chair" not in text
    assert client.post("/engagements/new", posted | {"auditors": [audited.house.chloe.pk]}).status_code == 422


def test_an_auditor_finds_the_records_that_the_engagement_covers_and_may_open_them(
    client: Client, audited: Audited, aude: User
) -> None:
    record, hidden = a_record(audited), a_record(audited, about=999999)
    client.force_login(aude)
    text = client.get(f"/engagements/{Engagement.objects.get().pk}/").content.decode()
    assert f"/records/{record.pk}/" in text
    assert f"/records/{hidden.pk}/" not in text
    assert client.get(f"/records/{record.pk}/").status_code == 200
    assert client.get(f"/records/{hidden.pk}/").status_code == 404


def test_after_the_end_an_auditor_finds_neither_engagement_nor_records(
    client: Client, audited: Audited, lars: User, otto: User
) -> None:
    record, engagement = a_record(audited), Engagement.objects.get()
    for user in (lars, otto):
        client.force_login(user)
        for url in (f"/engagements/{engagement.pk}/", f"/records/{record.pk}/", f"/records/{record.pk}/file"):
            assert client.get(url).status_code == 404
        assert engagement.title not in client.get("/engagements/").content.decode()


def test_an_auditor_sees_no_engagement_of_others(client: Client, aude: User, engage: Make) -> None:
    other = engage("Basil Auditor")
    client.force_login(aude)
    assert client.get(f"/engagements/{other.pk}/").status_code == 404
    assert "Basil" not in client.get("/engagements/").content.decode()


def test_an_administrator_ends_an_engagement_with_a_reason(
    client: Client, audited: Audited, aude: User
) -> None:
    engagement = Engagement.objects.get()
    client.force_login(audited.house.ada)
    assert client.post(f"/engagements/{engagement.pk}/end", {"reason": ""}).status_code == 422
    response = client.post(f"/engagements/{engagement.pk}/end", {"reason": "Found enough."}, follow=True)
    assert "ended early" in response.content.decode()
    again = client.post(f"/engagements/{engagement.pk}/end", {"reason": "Again."}, follow=True)
    assert "over already" in again.content.decode()
    assert Event.objects.filter(verb="engagement.ended").count() == 1
    client.force_login(aude)
    assert client.get(f"/engagements/{engagement.pk}/").status_code == 404


def test_auditors_change_nothing(client: Client, aude: User, posted: dict[str, Any]) -> None:
    engagement = Engagement.objects.get()
    client.force_login(aude)
    assert client.get("/engagements/new").status_code == 404
    assert client.post("/engagements/new", posted).status_code == 404
    assert client.post(f"/engagements/{engagement.pk}/end", {"reason": "No."}).status_code == 404
    assert "End the engagement" not in client.get(f"/engagements/{engagement.pk}/").content.decode()
    assert Engagement.objects.filter(ended_at=None).count() == 1


def test_ending_is_no_link(client: Client, audited: Audited, aude: User) -> None:
    client.force_login(audited.house.ada)
    assert client.get(f"/engagements/{Engagement.objects.get().pk}/end").status_code == 405


def test_the_pages_need_few_queries(
    client: Client, audited: Audited, aude: User, engage: Make,
    django_assert_max_num_queries: Callable[[int], AbstractContextManager[None]],
) -> None:  # fmt: skip
    for at in range(5):
        engage(f"Number {at} Auditor", boards=[audited.house.boards["ethics"]])
        a_record(audited, about=10 + at)
    for user in (aude, audited.house.ada):
        client.force_login(user)
        for url in ("/engagements/", f"/engagements/{Engagement.objects.earliest('id').pk}/"):
            assert client.get(url).status_code == 200  # the first look leaves its event
            with django_assert_max_num_queries(15):
                assert client.get(url).status_code == 200


def test_an_engagement_that_begins_later_says_so(client: Client, audited: Audited, engage: Make) -> None:
    engage("Early Auditor", starts_at=NOW + timedelta(days=20000), ends_at=NOW + timedelta(days=20001))
    client.force_login(audited.house.ada)
    assert "begins later" in client.get("/engagements/").content.decode()


def test_the_time_that_is_looked_at_is_of_whole_days_and_stands_on_the_page(
    client: Client, audited: Audited, posted: dict[str, Any]
) -> None:
    client.force_login(audited.house.ada)
    wrong = posted | {"period_from": "2026-06-30", "period_until": "2026-01-01"}
    assert client.post("/engagements/new", wrong).status_code == 422
    text = client.post(
        "/engagements/new", posted | {"period_from": "2026-01-01", "period_until": "2026-06-30"}, follow=True
    ).content.decode()
    made = Engagement.objects.get()
    assert (str(made.period_from), str(made.period_until)) == (
        "2026-01-01 00:00:00+00:00",
        "2026-07-01 00:00:00+00:00",
    )
    assert "Events, requests and records from" in text
    assert "Events, requests and records from" in client.get("/engagements/").content.decode()
