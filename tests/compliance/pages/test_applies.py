"""The matrix of what applies, and the page of one library and one subject."""

import time

from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from compliance.models import ApplicabilityOverride, Assessment
from registry.models import AIModel, ModelVersion
from tests.compliance.conftest import NOW
from tests.compliance.pages.conftest import Browser

MATRIX = "compliance:applies"


def test_the_matrix_tells_what_applies_to_everything_and_as_rows(
    version: ModelVersion, owner: User, browser: Browser
) -> None:
    client = browser(owner)
    page = client.get(reverse(MATRIX)).content.decode()
    for level, key in (
        ("project", version.model.project_id),
        ("model", version.model_id),
        ("version", version.pk),
    ):
        assert reverse(f"compliance:applies_to_{level}", args=["release-readiness", key]) in page
    assert reverse("compliance:applies_to_version", args=["board-duties", version.pk]) not in page, "about us"
    of_version = reverse("compliance:applies_to_version", args=["release-readiness", version.pk])
    assert of_version not in client.get(reverse(MATRIX), {"open": "p1"}).content.decode(), "folded"
    found = client.get(reverse(MATRIX), {"q": "harbor-7b 2", "outcome": "yes"}).content.decode()
    assert "Harbor-7B 2.1" in found
    assert reverse("compliance:applies_here", args=["board-duties"]) not in found
    assert "Nothing is like this." in client.get(reverse(MATRIX), {"outcome": "decided"}).content.decode()
    rows = client.get(reverse("compliance:applies_csv")).getvalue().decode().splitlines()
    assert (
        rows[1].endswith("Board duties,applies,The organisation has review boards.,") or "boards" in rows[1]
    )
    assert [row.split(",")[0] for row in rows[2:]] == ["Harbor", "Harbor-7B", "Harbor-7B 2.1"]
    assert "Every version is checked before its release." in rows[-1]


def test_three_hundred_versions_are_folded_and_paged_in_few_queries(
    version: ModelVersion,
    owner: User,
    browser: Browser,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    models = AIModel.objects.bulk_create(
        AIModel(project=version.model.project, name=f"M{n:02}", created_at=NOW, created_by=owner)
        for n in range(10)
    )
    ModelVersion.objects.bulk_create(
        ModelVersion(
            model=model, number=f"{n}", channel="api", markets=["eu"], created_at=NOW, created_by=owner
        )
        for model in models
        for n in range(30)
    )
    client = browser(owner)
    began = time.perf_counter()
    with django_assert_max_num_queries(15):
        folded = client.get(reverse(MATRIX)).content.decode()
    assert time.perf_counter() - began < 2
    assert "M03" not in folded, "there is too much of it to unfold all"
    opened = " ".join([f"p{version.model.project_id}", *[f"m{model.pk}" for model in models]])
    with django_assert_max_num_queries(15):
        page = client.get(reverse(MATRIX), {"open": opened, "page": "2"}).content.decode()
    assert page.count('<tr class="deep') == 60
    assert "page=6" in page
    assert "page=7" not in page


def test_a_decision_is_made_on_the_page_and_stands_there_with_who_made_it(
    version: ModelVersion, owner: User, secretary: User, browser: Browser
) -> None:
    address = reverse("compliance:applies_to_model", args=["release-readiness", version.model_id])
    of_version = reverse("compliance:applies_to_version", args=["release-readiness", version.pk])
    client = browser(secretary)
    assert client.post(address, {"applies": "no", "reason": ""}).status_code == 422
    assert (
        client.post(address, {"applies": "no", "reason": "A toy.", "until": "2026-12-31"}).status_code == 302
    )
    page = browser(owner).get(of_version).content.decode()
    assert "doesn&#x27;t apply, by decision" in page
    assert "A toy." in page
    assert "The decision is about: Harbor-7B." in page
    assert "Every version is checked before its release." in page, "what the rule says"
    page = browser(owner).get(address).content.decode()
    assert "Hanna Lindqvist" in page
    assert "Take back" not in page, "the owner doesn't manage compliance"
    made = ApplicabilityOverride.objects.get()
    assert client.post(reverse("compliance:end_override", args=[made.pk])).headers["Location"] == address
    assert "taken back by Hanna Lindqvist" in browser(owner).get(address).content.decode()
    assert browser(owner).post(address, {"applies": "no", "reason": "I say so."}).status_code == 403


def test_the_reason_of_a_decision_about_the_organisation_is_not_for_everybody(
    owner: User, secretary: User, browser: Browser
) -> None:
    address = reverse("compliance:applies_here", args=["board-duties"])
    browser(secretary).post(address, {"applies": "no", "reason": "The boards were dissolved."})
    assert "The boards were dissolved." in browser(secretary).get(address).content.decode()
    for page in (address, reverse(MATRIX), reverse("compliance:applies_csv")):
        response = browser(owner).get(page)
        shown = response.getvalue() if response.streaming else response.content
        assert b"dissolved" not in shown
        assert b"Hanna Lindqvist" in shown or page == reverse(MATRIX)


def test_a_checklist_is_opened_from_a_cell_about_what_the_cell_is_about(
    version: ModelVersion, secretary: User, browser: Browser
) -> None:
    ModelVersion.objects.bulk_create(
        ModelVersion(
            model=version.model, number=f"3.{n}", channel="api", created_at=NOW, created_by=secretary
        )
        for n in range(1)
    )
    newer = ModelVersion.objects.get(number="3.0")
    client = browser(secretary)
    address = reverse("compliance:open_checklist", args=["release-readiness"]) + f"?about=version:{newer.pk}"
    cell = reverse("compliance:applies_to_version", args=["release-readiness", newer.pk])
    assert address in client.get(cell).content.decode()
    assert f'<option value="version:{newer.pk}" selected>' in client.get(address).content.decode()


def test_the_page_of_a_version_says_what_applies_and_whether_a_checklist_was_accepted(
    version: ModelVersion,
    accepted: Assessment,
    owner: User,
    secretary: User,
    browser: Browser,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    ModelVersion.objects.bulk_create(
        [ModelVersion(model=version.model, number="3", channel="api", created_at=NOW, created_by=owner)]
    )
    newer = ModelVersion.objects.get(number="3")
    client = browser(owner)
    with django_assert_max_num_queries(15):
        page = client.get(reverse("registry:version", args=[version.pk])).content.decode()
    assert "What applies" in page
    assert "Every version is checked before its release." in page
    assert reverse("compliance:assessment", args=[accepted.pk]) in page
    assert "Board duties" not in page, "those are about the organisation"
    opening = reverse("compliance:open_checklist", args=["release-readiness"])
    of_newer = reverse("registry:version", args=[newer.pk])
    assert f"{opening}?about=version:{newer.pk}" in browser(secretary).get(of_newer).content.decode()
    page = client.get(of_newer).content.decode()
    assert "no checklist" in page
    assert opening not in page, "the owner doesn't open checklists"
