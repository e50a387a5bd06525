"""What the answers of a library come to."""

import pytest

from compliance.rules.standing import Standing, count


@pytest.mark.parametrize(
    ("states", "standing", "met", "applicable"),
    [
        ([], None, 0, 0),
        (["met", "met"], Standing.MET, 2, 2),
        (["met", "partly"], Standing.PARTLY, 1, 2),
        (["met", "partly", "not_met"], Standing.NOT_MET, 1, 3),
        (["met", "not_applicable"], Standing.MET, 1, 1),
        (["not_applicable"], Standing.NOT_APPLICABLE, 0, 0),
    ],
)
def test_the_answer_that_asks_most_for_attention_counts(
    states: list[str], standing: Standing | None, met: int, applicable: int
) -> None:
    counted = count(states)
    assert (counted.standing, counted.met, counted.applicable) == (standing, met, applicable)
