"""Bars of counted answers fill their row, are told apart without colour, and say only what has room."""

import pytest

from records.press.counts_figure import counts_figure, fitting
from records.press.figures import SIDE, WIDTH

SOME = {"met": 7, "partly": 2, "not_met": 1, "not_applicable": 0}


def test_the_parts_of_a_bar_fill_it_one_beside_the_other() -> None:
    figure = counts_figure([("All controls", SOME)])
    assert figure is not None
    shares = figure.rows[0].shares
    assert [share.code for share in shares] == ["met", "partly", "not_met"]
    at = SIDE
    for share in shares:
        assert float(share.x) == pytest.approx(at, abs=0.11)
        at += float(share.width)
    assert at == pytest.approx(WIDTH - 1, abs=0.2)


def test_each_answer_has_its_own_hatching_inside_its_part() -> None:
    figure = counts_figure([("All controls", SOME)])
    assert figure is not None
    met, partly, not_met = figure.rows[0].shares
    assert met.lines == []
    assert partly.lines
    assert len(not_met.lines) % 2 == 0
    for share in (partly, not_met):
        left, right = float(share.x), float(share.x) + float(share.width)
        for line in share.lines:
            for point in line.removeprefix("M").split("L"):
                assert left - 0.11 <= float(point.split()[0]) <= right + 0.11


def test_what_counts_nothing_is_not_drawn_and_a_number_without_room_is_left_out() -> None:
    nothing = dict.fromkeys(SOME, 0)
    assert counts_figure([("Empty", nothing)]) is None
    figure = counts_figure([("Empty", nothing), ("Many", {**nothing, "met": 200, "not_met": 1})])
    assert figure is not None
    assert [row.label for row in figure.rows] == ["Many"]
    assert [share.number for share in figure.rows[0].shares] == ["200", ""]


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("Governance", "Governance"),
        ("G1 Accountability, roles and oversight", "G1 Accountability, roles a…"),
        ("人工智能生成合成内容标识办法与相关要求", "人工智能生成合成内容标识…"),
    ],
)
def test_a_label_fits_beside_its_bar(label: str, shown: str) -> None:
    assert fitting(label) == shown
