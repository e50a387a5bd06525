"""Whom a text names."""

import pytest

from reviews.rules.mentions import Mentions, mentions_in

NAMES = {
    1: ("Milo Member", "milo@example.org"),
    2: ("Wang Shulan", "wang@example.org"),
    3: ("Wang", "w@example.org"),
    4: ("王舒兰", "shulan@example.org"),
    5: ("Ana", "ana1@example.org"),
    6: ("Ana", "ana2@example.org"),
}


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("@Milo Member, look.", (1,)),
        ("look, @milo member!", (1,)),
        ("(@milo@example.org)", (1,)),
        ("@Wang Shulan and @Wang", (2, 3)),
        ("@Milo Member and again @milo@example.org", (1,)),
        ("请@王舒兰看一下", (4,)),
        ("请 @王舒兰看一下", (4,)),
        ("write to milo@example.org", ()),
        ("at 5 @ noon", ()),
        ("`@Milo Member` and\n```\n@Wang\n```", ()),
    ],
)
def test_people_are_named_by_display_name_or_address(text: str, people: tuple[int, ...]) -> None:
    assert mentions_in(text, NAMES) == Mentions(people)


def test_who_is_not_known_or_known_twice_is_said() -> None:
    assert mentions_in("@Rex Recused and @Milonga", NAMES) == Mentions((), ("Rex", "Milonga"))
    assert mentions_in("@Ana", NAMES) == Mentions((), (), ("Ana",))
    assert mentions_in("@ana2@example.org.", NAMES) == Mentions((6,))
