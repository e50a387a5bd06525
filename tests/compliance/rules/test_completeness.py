"""What an assessment lacks before it can be submitted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.rules.completeness import AnswerState, ControlFacts, Gap, gap_of, gaps, progress


@pytest.mark.parametrize(
    ("state", "comment", "wanted", "files", "expected"),
    [
        ("", "", False, 0, Gap.ANSWER),
        ("", "a remark", True, 3, Gap.ANSWER),
        ("met", "", False, 0, None),
        ("met", "", True, 0, Gap.EVIDENCE),
        ("met", "", True, 1, None),
        ("partly", "", False, 0, Gap.REASON),
        ("partly", "  \n", False, 0, Gap.REASON),
        ("partly", "two sources lack it", True, 0, Gap.EVIDENCE),
        ("partly", "two sources lack it", True, 1, None),
        ("not_met", "", True, 0, Gap.REASON),
        ("not_met", "nobody did it", True, 0, None),
        ("not_applicable", "", True, 0, Gap.REASON),
        ("not_applicable", "no personal data", True, 0, None),
    ],
)
def test_what_a_control_lacks(
    state: str, comment: str, wanted: bool, files: int, expected: Gap | None
) -> None:
    assert gap_of(ControlFacts("R01", state, comment, wanted, files)) == expected


def test_gaps_are_grouped_by_what_lacks_and_keep_their_order() -> None:
    controls = [
        ControlFacts("R01", "met", "", True, 0),
        ControlFacts("R02", "", "", False, 0),
        ControlFacts("R03", "partly", "", False, 0),
        ControlFacts("R04", "", "", False, 0),
        ControlFacts("R05", "met", "", False, 0),
    ]
    assert gaps(controls) == {Gap.ANSWER: ("R02", "R04"), Gap.REASON: ("R03",), Gap.EVIDENCE: ("R01",)}
    assert list(gaps(controls)) == [Gap.ANSWER, Gap.REASON, Gap.EVIDENCE]


FACTS = st.builds(
    ControlFacts, st.just("R"), st.sampled_from(["", *AnswerState]), st.sampled_from(["", " ", "why"]), st.booleans(),
    st.integers(0, 2),
)  # fmt: skip


@given(st.lists(FACTS, max_size=20))
def test_progress_counts_every_control_once(controls: list[ControlFacts]) -> None:
    found = progress(controls)
    assert found.total == len(controls) == found.complete + found.begun + found.untouched
    assert min(found.complete, found.begun, found.untouched) >= 0
    assert (found.complete == found.total) == (not gaps(controls))
