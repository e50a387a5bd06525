"""What a dossier says of data and people; what it leaves out stays open."""

from typing import Any

import pytest

from compliance.rules import applicability
from reviews.rules import dossier_facts
from reviews.rules.dossier_facts import Said, facts_said

WHOLE: dict[str, Any] = {
    "personal_data": "personal", "synthetic": "none", "minors": "excluded", "medical_use": "none",
    "public_opinion": "no", "autonomy": "confirmed", "datasets": [{"source": "public", "personal": "none"}],
}  # fmt: skip


def test_the_codes_are_those_that_compliance_asks_for() -> None:
    for name in ("DATA", "SOURCES", "PEOPLE"):
        assert getattr(dossier_facts, name) == getattr(applicability, name)


@pytest.mark.parametrize(
    ("changed", "fact", "said"),
    [
        ({}, "data", Said(("personal",), ())),
        ({"personal_data": "none"}, "data", Said(("none",), ())),
        (
            {"datasets": [{"source": "crawled", "personal": "sensitive"}]},
            "data",
            Said(("personal", "sensitive"), ()),
        ),
        (
            {"personal_data": None, "datasets": [{"source": "own", "personal": "none"}]},
            "data",
            Said(("none",), ("anonymised", "pseudonymised", "personal", "sensitive")),
        ),
        ({}, "sources", Said(("public",), ())),
        ({"synthetic": "partly"}, "sources", Said(("public", "synthetic"), ())),
        ({"synthetic": None}, "sources", Said(("public",), ("synthetic",))),
        ({"datasets": []}, "sources", Said((), ("crawled", "partner", "public", "own"))),
        ({}, "people", Said((), ())),
        ({"minors": "possible", "autonomy": "alone"}, "people", Said(("minors", "unattended"), ())),
        ({"public_opinion": "yes", "medical_use": None}, "people", Said(("opinion",), ("patients",))),
    ],
)
def test_what_is_said_and_what_stays_open(changed: dict[str, Any], fact: str, said: Said) -> None:
    assert facts_said(WHOLE | changed, "open_weights")[fact] == said


def test_a_fact_of_which_nothing_is_said_is_left_out() -> None:
    assert facts_said({}) == {}


@pytest.mark.parametrize(
    ("channel", "said"),
    [
        ("open_weights", Said(("personal",), ())),
        ("api", Said(("personal", "users"), ())),
        ("internal", Said(("personal", "users"), ())),
        ("device", Said(("personal",), ("users",))),
        ("", Said(("personal",), ("users",))),
    ],
)
def test_what_users_enter_reaches_who_offers_it_by_some_channels(channel: str, said: Said) -> None:
    assert facts_said(WHOLE, channel)["data"] == said
