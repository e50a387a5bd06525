"""The table of a record's way, and which signature is due."""

import pytest

from records.rules.sealing import Place, SealingEvent, SealingState, after, due

ROWS = [
    ("frozen", "certify", "certified"), ("frozen", "complete", "sealing"), ("frozen", "seal", None),
    ("certified", "certify", None), ("certified", "complete", "sealing"), ("certified", "seal", None),
    ("sealing", "certify", "sealing"), ("sealing", "complete", None), ("sealing", "seal", "sealed"),
    ("sealed", "certify", None), ("sealed", "complete", None), ("sealed", "seal", None),
]  # fmt: skip


def test_every_pair_of_state_and_event_is_judged() -> None:
    assert {(state, event) for state, event, _next in ROWS} == {
        (state.value, event.value) for state in SealingState for event in SealingEvent
    }


@pytest.mark.parametrize(("state", "event", "then"), ROWS)
def test_a_record_follows_its_table(state: str, event: str, then: str | None) -> None:
    assert after(state, SealingEvent(event)) == then


DUE = [
    ("a a a a", "system"), ("d a - -", "legal"), ("d - a -", None), ("d d a -", "chair"), ("d d d -", None),
    ("d d d a", "seal"), ("d d d d", None), ("- a a a", None),
]  # fmt: skip


@pytest.mark.parametrize(("marks", "field"), DUE)
def test_signatures_are_made_in_their_order_and_nobody_is_passed_over(marks: str, field: str | None) -> None:
    names = ("system", "legal", "chair", "seal")
    places = [Place(name, mark in "ad", mark == "d") for name, mark in zip(names, marks.split(), strict=True)]
    found = due(places)
    assert (found.field if found else None) == field
