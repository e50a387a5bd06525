"""Libraries with their sources."""

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from compliance.models import Assessment
from compliance.services.libraries import load_library
from tests.compliance.conftest import NOW
from tests.compliance.pages.conftest import Browser

LIBRARIES = "/compliance/libraries/"


def text(answer: object) -> str:
    return " ".join(answer.content.decode().split())  # type: ignore[attr-defined]


def test_libraries_are_listed_with_their_use(
    readiness: Assessment,
    owner: User,
    browser: Browser,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client = browser(owner)
    with django_assert_max_num_queries(15):
        shown = text(client.get(LIBRARIES))
    assert "Release readiness" in shown
    assert "14 controls" in shown
    assert "used in 1 checklist" in shown
    assert "opens by itself for each new model version" in shown


def test_a_library_shows_source_article_and_how_sure_we_are(
    secretary: User, owner: User, browser: Browser
) -> None:
    shown = text(browser(secretary).get(LIBRARIES + "board-duties/"))
    assert "45 CFR 46, 46.109(e)" in shown
    assert "(second-hand)" in shown
    assert "Put it on a schedule" in shown
    assert "Put it on a schedule" not in text(browser(owner).get(LIBRARIES + "board-duties/"))


def test_an_older_version_stays_readable(owner: User, browser: Browser) -> None:
    newer = """
code: board-duties
name: {en: Duties anew, zh: 新职责}
controls: [{number: D1, title: {en: One, zh: 一}, text: {en: One., zh: 一}, source: Ours, confidence: P}]
"""
    load_library(content=newer.encode(), now=NOW)
    client = browser(owner)
    assert "Duties anew" in text(client.get(LIBRARIES + "board-duties/"))
    assert "Audit trail checked" in text(client.get(LIBRARIES + "board-duties/?version=1"))


@pytest.mark.parametrize("address", ["nothing/", "board-duties/?version=9", "board-duties/?version=x"])
def test_what_is_not_there_is_not_found(owner: User, browser: Browser, address: str) -> None:
    assert browser(owner).get(LIBRARIES + address).status_code == 404
