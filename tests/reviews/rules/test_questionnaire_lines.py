"""Options, conditions and places in files as lines: what is written comes back, what is wrong is named by its line."""

from collections.abc import Callable

import pytest

from reviews.rules.questionnaire_lines import (
    WrongLine,
    condition_lines,
    conditions_of,
    option_lines,
    options_of,
    place_lines,
    places_of,
)

OPTIONS = "partly | Some, only | 仅部分来源\nnone | No | 否 | alone"
CONDITIONS = "opt_outs: partly, none\nfact channel: api, open_weights"
PLACES = "model_card: license, license_name\ncroissant: rai:dataCollection"


def test_lines_say_what_they_say_and_come_back() -> None:
    assert options_of(OPTIONS)[1] == {"code": "none", "label": {"en": "No", "zh": "否"}, "alone": True}
    assert option_lines(options_of(f"\r\n{OPTIONS}\n\n")) == OPTIONS
    assert conditions_of(CONDITIONS)[1] == {"fact": "channel", "any_of": ["api", "open_weights"]}
    assert condition_lines(conditions_of(CONDITIONS)) == CONDITIONS
    assert places_of(PLACES)["croissant"] == ["rai:dataCollection"]
    assert place_lines(places_of(PLACES)) == PLACES


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (options_of, "a | A | 甲\nb | B"),
        (options_of, "a | A | 甲\nb | B | 乙 | both"),
        (options_of, "a | A | 甲\n | B | 乙"),
        (conditions_of, "a: x\nb"),
        (conditions_of, "a: x\nfacts b: x"),
        (conditions_of, "a: x\nb: ,"),
        (places_of, "model_card: license\n: x"),
    ],
)
def test_a_wrong_line_is_named(read: Callable[[str], object], text: str) -> None:
    with pytest.raises(WrongLine) as wrong:
        read(text)
    assert wrong.value.number == 2
