"""How long something still holds, told in the unit in which people think of it."""

import pytest
from django.utils.translation import override

from desk.templatetags.ui import left


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (0, "0 days left"),
        (1, "1 day left"),
        (91, "91 days left"),
        (92, "3 months left"),
        (729, "23 months left"),
        (731, "2 years left"),
        (1095, "2 years left"),
        (10219, "27 years left"),
    ],
)
def test_what_ends_late_is_told_in_months_or_years_and_never_in_more_than_are_left(
    days: int, told: str
) -> None:
    with override("en"):
        assert left(days) == told
