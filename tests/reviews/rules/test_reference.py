"""References as people write and say them."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from reviews.rules.reference import parse_reference, reference_of


@pytest.mark.parametrize(
    "text",
    [
        "IMP-2026-0147", "imp-2026-0147", "IMP 2026 0147", "imp20260147", "20260147", "2026-147", "2026/147",
        "2026 147", "26-147", "147", "0147", " 147 ", "#147", "IMP 147", "IMP-147", "imp147", "IMP_2026_147",
        "imp – 2026 – 0147", "１４７", "ＩＭＰ－２０２６－０１４７", "2026147", "IMP-2026-0147.",
    ],
)  # fmt: skip
def test_all_of_these_are_one_request(text: str) -> None:
    assert parse_reference(text, 2026) == "IMP-2026-0147"


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("147", "IMP-2031-0147"),
        ("2026-147", "IMP-2026-0147"),
        ("12345", "IMP-2031-12345"),
        ("2026-12345", "IMP-2026-12345"),
        ("202612345", "IMP-2026-12345"),
        ("2026", "IMP-2031-2026"),
        ("0001", "IMP-2031-0001"),
    ],
)
def test_a_number_alone_is_one_of_the_present_year_and_another_year_is_named(
    text: str, reference: str
) -> None:
    assert parse_reference(text, 2031) == reference


@pytest.mark.parametrize(
    "text",
    ["", " ", "IMP", "IMP-", "0", "2026-0000", "Harbor-7B", "7B", "14.7.2026-3", "147 Harbor", "a147", "-", "一四七",
     "1 2 3 4", "IMP-2026-0147-2", "12345678901234567890", "2.1", "3.0", "26.1"],
)  # fmt: skip
def test_other_words_are_no_reference(text: str) -> None:
    assert parse_reference(text, 2026) is None


@given(some.integers(2000, 2099), some.integers(1, 9_999_999))
def test_every_reference_is_read_back_as_itself(year: int, number: int) -> None:
    reference = reference_of(year, number)
    assert parse_reference(reference, 2026) == reference
    assert parse_reference(reference.replace("-", " ").lower(), 1999) == reference
    assert parse_reference(reference.replace("-", ""), 2000) == reference


@given(some.text())
def test_nothing_that_people_type_makes_it_fail(text: str) -> None:
    found = parse_reference(text, 2026)
    assert found is None or parse_reference(found, 2000) == found
