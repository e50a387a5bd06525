"""An accepted assessment as OSCAL assessment-results: valid by NIST's schema, complete, and the same each time."""

from typing import Any

import pytest

from compliance.rules.oscal_results import Issued, results_of
from tests.compliance.frozen import control, file, frozen
from tests.compliance.oscal.schemas import faults

EN = Issued("cd" * 32, "Northlake Institute", "https://imprimatur.example.org", "en")
ZH = Issued("cd" * 32, "北湖智能研究院", "https://imprimatur.example.org", "zh")


def document(issued: Issued = EN, **over: Any) -> dict[str, Any]:
    found: dict[str, Any] = results_of(frozen(**over), issued)["assessment-results"]
    return found


@pytest.mark.parametrize("issued", [EN, ZH])
def test_it_is_valid_by_the_schema_of_nist(issued: Issued) -> None:
    assert faults("assessment-results", results_of(frozen(), issued)) == []


def test_the_schema_would_find_what_is_wrong() -> None:
    broken = results_of(frozen(), EN)
    del broken["assessment-results"]["results"][0]["findings"][0]["target"]
    broken["assessment-results"]["uuid"] = "41"
    assert len(faults("assessment-results", broken)) == 2


@pytest.mark.parametrize(
    "over",
    [
        {"schedule": None},
        {"controls": [control("1", "met")]},
        {"controls": [control("§ 1 (b)", "partly", comment="  \nTwo\n\nlines ", evidence=[file(9, "a b#c%.txt")])]},
        {"owner": " Ada\tLovelace ", "accepted_by": ""},
        {"title": {"en": "Only English", "zh": ""}, "about": {"scope": "organisation", "name": {"en": "", "zh": ""}}},
    ],
)  # fmt: skip
def test_rare_content_is_valid_too(over: dict[str, Any]) -> None:
    assert faults("assessment-results", results_of(frozen(**over), ZH)) == []


def test_the_same_content_gives_the_same_document_and_another_content_other_identities() -> None:
    assert results_of(frozen(), EN) == results_of(frozen(), EN)
    other = results_of(frozen(), Issued("ee" * 32, EN.organisation, EN.base, "en"))["assessment-results"]
    assert not _identities(other) & _identities(document())
    assert len(_identities(document())) == len(_all(document()))


def test_a_control_is_satisfied_when_it_is_met_or_does_not_apply() -> None:
    states = {
        each["target"]["target-id"]: each["target"]["status"]["state"]
        for each in document()["results"][0]["findings"]
    }
    assert states == {
        "c-1.1_smt": "satisfied",
        "MAP-2-a-_smt": "not-satisfied",
        "C3_smt": "not-satisfied",
        "C4_smt": "satisfied",
    }


def test_each_finding_names_its_observation_and_its_risks() -> None:
    result = document()["results"][0]
    observations, risks = (
        {each["uuid"] for each in result["observations"]},
        {each["uuid"] for each in result["risks"]},
    )
    named = [each["risk-uuid"] for found in result["findings"] for each in found.get("related-risks", [])]
    assert sorted(named) == sorted(risks)
    assert {
        found["related-observations"][0]["observation-uuid"] for found in result["findings"]
    } == observations


def test_evidence_stands_in_the_back_matter_with_its_digest_and_is_named_by_its_observation() -> None:
    resources = {each["uuid"]: each for each in document()["back-matter"]["resources"]}
    named = document()["results"][0]["observations"][0]["relevant-evidence"]
    first = resources[named[0]["href"].removeprefix("#")]
    assert first["rlinks"][0]["hashes"] == [{"algorithm": "SHA-256", "value": f"{1:064x}"}]
    assert {"name": "expires-on", "value": "2027-03-31", "ns": "urn:imprimatur:oscal"} in first["props"]
    assert document()["import-ap"]["href"].removeprefix("#") in resources


def test_findings_are_risks_with_severity_and_their_actions_are_remediations() -> None:
    risks = document()["results"][0]["risks"]
    severities = [prop["value"] for risk in risks for prop in risk["props"] if prop["name"] == "severity"]
    assert severities == ["medium", "critical", "low"]
    first = risks[0]
    assert [each["lifecycle"] for each in first["remediations"]] == ["planned", "completed"]
    assert first["remediations"][0]["tasks"][0]["timing"]["on-date"]["date"] == "2026-05-28T00:00:00Z"
    assert first["deadline"] == "2026-05-28T23:59:59Z"
    assert [risk["status"] for risk in risks] == [
        "remediating", "remediating", "closed", "deviation-approved", "deviation-requested",
    ]  # fmt: skip


def _all(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["uuid"]] if "uuid" in node else []
        return own + [each for value in node.values() for each in _all(value)]
    return [each for value in node for each in _all(value)] if isinstance(node, list) else []


def _identities(node: Any) -> set[str]:
    return set(_all(node))
