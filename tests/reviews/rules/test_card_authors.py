"""Which accounts are meant by the authors of a card."""

import pytest

from reviews.rules.card_authors import Account, Named, accounts_meant

CHEN = Account(1, "陈嘉霖 Chen Jialin", "chen@example.org")
WANG = Account(2, "Wang Fang", "wang@example.org")


@pytest.mark.parametrize(
    ("author", "people"),
    [
        (Named("Somebody", "CHEN@example.org"), [1]),
        (Named("Jialin Chen"), [1]),
        (Named("陈嘉霖"), [1]),
        (Named("陈嘉霖 (Chen Jialin)"), [1]),
        (Named("wang  FANG"), [2]),
        (Named("Wang"), []),
        (Named("陈"), []),
        (Named("Chen Jialin Ports"), []),
        (Named("Wang Fang", "another@example.org"), []),
        (Named("", "fang@example.org"), []),
    ],
)
def test_an_author_is_meant_by_address_or_by_the_whole_name(author: Named, people: list[int]) -> None:
    assert list(accounts_meant([author], [CHEN, WANG])) == people


def test_who_is_meant_is_told_with_the_author_as_the_card_names_them() -> None:
    assert accounts_meant([Named("陈嘉霖"), Named("Wang Fang")], [WANG]) == {2: Named("Wang Fang")}
