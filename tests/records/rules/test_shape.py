"""Contexts that don't have the shape of a record are found before they are frozen."""

from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest

from records.context import Language, ReviewContext, SignatureLine, instant
from records.decision_context import Outcome
from records.shape import faults
from tests.records.factories import review_context, signature_lines


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(
    "outcome", ["approved", "approved_with_conditions", "rejected", "returned", "refused"]
)
def test_the_invented_contexts_have_the_shape(language: Language, outcome: Outcome) -> None:
    assert list(faults(review_context(language, outcome), ReviewContext)) == []
    assert list(faults(signature_lines(language), list[SignatureLine])) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda c: c.pop("model"), "$.model: missing"),
        (lambda c: c.update(extra=1), "$.extra: unknown"),
        (lambda c: c["decision"].update(outcome="approved?"), "$.decision.outcome"),
        (lambda c: c["decision"].update(revision="3"), "$.decision.revision: int is needed, not str"),
        (lambda c: c["decision"].update(revision=True), "$.decision.revision: int is needed, not bool"),
        (
            lambda c: c["boards"][0]["ballots"][0]["seats"][2].update(position="maybe"),
            "$.boards[0].ballots[0].seats[2].position",
        ),
        (lambda c: c.update(conditions={}), "$.conditions: a list is needed"),
        (lambda c: c.update(model=[]), "$.model: an object is needed"),
    ],
)
def test_a_departure_is_named_with_its_place(change: Callable[[dict[str, Any]], object], fault: str) -> None:
    context = deepcopy(dict(review_context()))
    change(context)
    assert any(found.startswith(fault) for found in faults(context, ReviewContext))


def test_an_instant_without_zone_is_refused() -> None:
    assert instant(datetime(2026, 11, 17, 6, 32, tzinfo=UTC)) == "2026-11-17T06:32:00.000000Z"
    with pytest.raises(ValueError, match="time zone"):
        instant(datetime(2026, 11, 17))  # noqa: DTZ001
