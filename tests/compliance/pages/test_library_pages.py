"""Libraries with their sources."""

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from compliance.gates import readiness as ask
from compliance.models import Assessment, Library
from compliance.selectors.oscal_catalog import catalog_of
from compliance.services.libraries import load_library
from registry.models import ModelVersion
from tests.compliance.conftest import NOW
from tests.compliance.oscal.schemas import faults
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


def test_a_checklist_is_opened_by_hand_for_a_version_whose_gate_asks_for_it(
    version: ModelVersion, secretary: User, owner: User, reviewer: User, browser: Browser
) -> None:
    given = {"about": f"version:{version.pk}", "owner": owner.pk, "reviewer": reviewer.pk, "days": "5"}
    address = LIBRARIES + "board-duties/open/"
    assert "Harbor-7B 2.1" in text(browser(secretary).get(address))
    answer = browser(secretary).post(address, given)
    made = Assessment.objects.get(library__code="board-duties")
    assert answer["Location"] == f"/compliance/assessments/{made.pk}/"
    assert (made.version, made.owner, made.reviewer) == (version, owner, reviewer)
    (check,) = ask(version.pk, ["board-duties"], NOW + timedelta(days=2))
    assert check.url == f"/compliance/assessments/{made.pk}/"
    again = browser(secretary).post(address, given)
    assert again.status_code == 422
    assert "open for the version already" in text(again)


def test_owner_and_reviewer_of_a_checklist_opened_by_hand_differ(
    version: ModelVersion, secretary: User, owner: User, browser: Browser
) -> None:
    given = {"about": "organisation", "owner": owner.pk, "reviewer": owner.pk, "days": "5"}
    answer = browser(secretary).post(LIBRARIES + "board-duties/open/", given)
    assert answer.status_code == 422
    assert "different people" in text(answer)
    assert not Assessment.objects.filter(library__code="board-duties").exists()


def test_only_those_who_manage_open_checklists(owner: User, outsider: User, browser: Browser) -> None:
    for person in (owner, outsider):
        assert browser(person).get(LIBRARIES + "board-duties/open/").status_code == 403
        assert browser(person).post(LIBRARIES + "board-duties/open/", {}).status_code == 403
        assert browser(person).get(LIBRARIES + "nothing/open/").status_code == 404


TWO = """
code: lamps
name: {en: Lamps, zh: 灯具}
source: The lamp law
groups: [{number: G1, name: {en: Light, zh: 光}}, {number: G2, name: {en: Power, zh: 电}}]
controls:
  - number: L-1
    group: G1
    title: {en: Lit at night, zh: 夜间点亮}
    text: {en: The lamp is lit., zh: 灯已点亮。}
    confidence: P
    obligations: [B01]
    cadence: {every: quarterly, events: [version_released, incident], basis: L, note: {en: within ten days, zh: 十日内}}
    mappings: ["board-duties:D01"]
  - number: L-2
    group: G2
    title: {en: Powered, zh: 供电}
    text: {en: There is power., zh: 有电。}
    confidence: P
"""


def test_controls_stand_in_their_groups_with_cadence_and_what_else_they_serve(
    owner: User, browser: Browser, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    load_library(content=TWO.encode(), now=NOW)
    client = browser(owner)
    with django_assert_max_num_queries(15):
        shown = text(client.get(LIBRARIES + "lamps/"))
    assert (
        shown.index("Light")
        < shown.index("Lit at night")
        < shown.index("Power</h2>")
        < shown.index("Powered")
    )
    assert "every quarter, at each release, after an incident (stands in the rule)" in shown
    assert "within ten days" in shown
    assert 'href="/compliance/libraries/board-duties/#D01">Duties of the boards D01</a>' in shown
    assert "Lamps L-1</a>" in text(browser(owner).get(LIBRARIES + "board-duties/"))


def test_words_find_controls_in_either_language_and_the_rest_is_left_out(
    owner: User, browser: Browser
) -> None:
    load_library(content=TWO.encode(), now=NOW)
    client = browser(owner)
    for words in ("NIGHT lit", "点亮", "b01"):
        shown = text(client.get(LIBRARIES + "lamps/", {"q": words}))
        assert "Lit at night" in shown, words
        assert "Powered" not in shown, words
    assert "No control has these words." in text(client.get(LIBRARIES + "lamps/", {"q": "tide"}))


def test_a_library_is_taken_away_as_rows(owner: User, browser: Browser) -> None:
    load_library(content=TWO.encode(), now=NOW)
    rows = browser(owner).get(LIBRARIES + "lamps.csv").getvalue().decode().splitlines()
    assert len(rows) == 3
    assert rows[1].startswith("L-1,Light,Lit at night,The lamp is lit.,,The lamp law,")
    assert rows[1].endswith(",board-duties:D01")


def test_what_the_same_evidence_serves_is_linked_on_both_sides_and_on_the_checklist(
    readiness: Assessment, owner: User, browser: Browser
) -> None:
    other = """
code: other
name: {en: Another framework, zh: 其他框架}
controls: [{number: X1, title: {en: One, zh: 一}, text: {en: One., zh: 一}, source: Ours, confidence: P,
  mappings: ["release-readiness:R01", "nowhere:R01"]}]
"""
    load_library(content=other.encode(), now=NOW)
    client = browser(owner)
    link = '<a href="/compliance/libraries/other/#X1">Another framework X1</a>'
    assert link in text(client.get(LIBRARIES + "release-readiness/"))
    assert link in text(client.get(f"/compliance/assessments/{readiness.pk}/"))
    shown = text(client.get(LIBRARIES + "other/"))
    assert "/compliance/libraries/release-readiness/#R01" in shown
    assert "nowhere" not in shown


def test_the_catalog_that_goes_out_is_valid_by_the_schema_of_nist(db: None) -> None:
    for code in ("board-duties", "release-readiness"):
        library = Library.objects.get(code=code)
        assert faults("catalog", catalog_of(library)) == []
