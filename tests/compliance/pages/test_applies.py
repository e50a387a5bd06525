"""The matrix of what applies, and the page of one library and one version."""

from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from compliance.models import ApplicabilityOverride
from registry.models import ModelVersion
from tests.compliance.pages.conftest import Browser


def test_the_matrix_tells_what_applies_in_few_queries_and_as_rows(
    version: ModelVersion,
    owner: User,
    browser: Browser,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client = browser(owner)
    with django_assert_max_num_queries(15):
        page = client.get(reverse("compliance:applies")).content.decode()
    assert "Every version is checked" not in page, "reasons of versions stand on the page of the cell"
    assert "The organisation has review boards." in page
    assert reverse("compliance:applies_to_version", args=["release-readiness", version.pk]) in page
    rows = client.get(reverse("compliance:applies_csv")).getvalue().decode().splitlines()
    assert rows[2].startswith(
        "Harbor-7B 2.1,Release readiness,applies,Every version is checked before its release."
    )


def test_a_decision_is_made_on_the_page_and_stands_there_with_who_made_it(
    version: ModelVersion, owner: User, secretary: User, browser: Browser
) -> None:
    address = reverse("compliance:applies_to_version", args=["release-readiness", version.pk])
    client = browser(secretary)
    assert client.post(address, {"applies": "no", "reason": ""}).status_code == 422
    assert (
        client.post(address, {"applies": "no", "reason": "A toy.", "until": "2026-12-31"}).status_code == 302
    )
    page = browser(owner).get(address).content.decode()
    assert "doesn&#x27;t apply, by decision" in page
    assert "A toy." in page
    assert "Hanna Lindqvist" in page
    assert "Take back" not in page, "the owner doesn't manage compliance"
    made = ApplicabilityOverride.objects.get()
    client.post(reverse("compliance:end_override", args=[made.pk]))
    assert "taken back by Hanna Lindqvist" in browser(owner).get(address).content.decode()
    assert browser(owner).post(address, {"applies": "no", "reason": "I say so."}).status_code == 403
