"""The list of libraries by framework, and saying when an imported library applies."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from audit.models import Event
from audit.refusal import Refused
from compliance.models import Library
from compliance.models.library import Origin
from compliance.services.libraries import keep_library
from compliance.services.library_applies import tell_when_it_applies
from registry.models import ModelVersion
from tests.compliance.conftest import NOW
from tests.compliance.pages.conftest import Browser

FILE: dict[str, Any] = {
    "code": "house-rules", "name": {"en": "House rules"}, "controls": [
        {"number": "H1", "title": {"en": "Told"}, "text": {"en": "It is told."}, "source": "Ours", "confidence": "P"},
    ],
}  # fmt: skip
SAID = {
    "to": "version", "channel": ["api"], "compute": "1e20", "reason_en": "Offered by API.", "reason_zh": "以接口提供。",
}  # fmt: skip
ADDRESS = "/compliance/libraries/house-rules/applies/"


def brought(actor: User, sha256: str = "a" * 64) -> Library:
    return keep_library(FILE, sha256=sha256, origin=Origin.IMPORTED, actor=actor, now=NOW).library


def test_libraries_stand_by_framework_with_what_they_apply_to(
    version: ModelVersion,
    owner: User,
    browser: Browser,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    brought(owner)
    client = browser(owner)
    with django_assert_max_num_queries(15):
        page = client.get(reverse("compliance:library_list")).content.decode()
    assert "applies to 1 of 1 current version" in page
    assert "to the organisation: applies" in page
    assert "say when it applies" in page
    assert "nothing accepted yet" in page


def test_an_imported_library_is_told_when_it_applies_as_a_new_version_that_an_update_keeps(
    version: ModelVersion, secretary: User, owner: User, browser: Browser
) -> None:
    brought(secretary)
    client = browser(secretary)
    before = Event.objects.count()
    assert client.post(ADDRESS, SAID).status_code == 302
    library = Library.objects.get(code="house-rules", version=2)
    assert library.applies == {
        "to": "version",
        "when": [{"fact": "channel", "has_any": ["api"]}, {"fact": "compute", "at_least": "1e20"}],
        "reason": {"en": "Offered by API.", "zh": "以接口提供。"},
    }
    assert [control.number for control in library.controls.all()] == ["H1"]
    assert Library.objects.get(code="house-rules", version=1).applies is None, "the older version stays"
    assert list(Event.objects.order_by("id").values_list("verb", flat=True))[before:] == [
        "library.applies_told"
    ]
    client.post(ADDRESS, SAID)
    assert Library.objects.filter(code="house-rules").count() == 2, "the same again changes nothing"
    assert brought(secretary, "b" * 64).applies == library.applies
    page = client.get(
        reverse("compliance:applies_to_version", args=["house-rules", version.pk])
    ).content.decode()
    assert "Nobody has said the training compute yet" in page
    assert 'value="1e20"' in client.get(ADDRESS).content.decode()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"reason_zh": ""}, "Say it in this language too."),
        ({"reason_en": "", "reason_zh": ""}, "Say why it applies"),
        ({"to": "organisation"}, "Facts are known of models and versions only."),
        ({"compute": "much"}, "Write a number"),
    ],
)
def test_a_rule_with_a_gap_is_not_kept(
    changed: dict[str, str], told: str, secretary: User, browser: Browser
) -> None:
    brought(secretary)
    response = browser(secretary).post(ADDRESS, SAID | changed)
    assert response.status_code == 422
    assert told in response.content.decode()
    assert Library.objects.filter(code="house-rules").count() == 1


def test_what_ships_says_it_itself_and_not_everybody_may_tell(
    secretary: User, owner: User, browser: Browser
) -> None:
    brought(secretary)
    rule = {"to": "organisation", "reason": {"en": "So.", "zh": "如此。"}}
    with pytest.raises(Refused, match="ships with the product"):
        tell_when_it_applies(actor=secretary, code="release-readiness", applies=rule, now=NOW)
    with pytest.raises(Refused, match="reason needs en and zh"):
        tell_when_it_applies(actor=secretary, code="house-rules", applies={"to": "version"}, now=NOW)
    with pytest.raises(PermissionDenied):
        tell_when_it_applies(actor=owner, code="house-rules", applies=rule, now=NOW)
    assert browser(secretary).get(ADDRESS.replace("house-rules", "release-readiness")).status_code == 404
