"""Where a disclosed interest meets a request; a hint, never a judgement."""

import pytest

from reviews.rules.interest_match import Fact, FactKind, Interest, InterestKind, meetings

ORGANISATION, PROJECT, PERSON = InterestKind.ORGANISATION, InterestKind.PROJECT, InterestKind.PERSON


@pytest.mark.parametrize(
    ("interest", "fact", "meets"),
    [
        (
            (ORGANISATION, "Harbour Data Ltd."),
            (FactKind.DATA_SUPPLIER, "bought from Harbour Data in 2025"),
            True,
        ),
        ((ORGANISATION, "Harbour Data GmbH"), (FactKind.DATA_SUPPLIER, "harbour data"), True),
        ((ORGANISATION, "Harbour"), (FactKind.DATA_SUPPLIER, "Harbourside Records"), False),
        ((ORGANISATION, "Meridian"), (FactKind.BASE_MODEL, "meridian/meridian-7b"), True),
        ((ORGANISATION, "海港数据有限公司"), (FactKind.PARTNER, "我们与海港数据合作多年"), True),
        ((ORGANISATION, "海"), (FactKind.PARTNER, "海港数据"), False),
        ((PROJECT, "Port Assistant"), (FactKind.PROJECT, "port assistant"), True),
        ((PROJECT, "7"), (FactKind.MODEL, "Assistant 7"), False),
        ((PERSON, "Ana Díaz"), (FactKind.REQUESTER, "Ana Díaz"), True),
        ((PERSON, "Ana Díaz"), (FactKind.PARTNER, "Talks with Ana Díaz of the port"), True),
        ((PERSON, "Assistant"), (FactKind.PROJECT, "Port Assistant"), False),
        ((ORGANISATION, "Ana Díaz"), (FactKind.REQUESTER, "Ana Díaz"), False),
        ((ORGANISATION, "The Company Ltd"), (FactKind.DATA_SUPPLIER, "a company"), False),
        ((ORGANISATION, ""), (FactKind.DATA_SUPPLIER, "anything"), False),
    ],
)
def test_a_name_meets_what_names_the_same_thing(
    interest: tuple[InterestKind, str], fact: tuple[FactKind, str], meets: bool
) -> None:
    found = meetings([Interest(1, *interest)], [Fact(*fact)])
    assert bool(found) is meets


def test_each_meeting_says_which_interest_and_what_it_met() -> None:
    interests = [Interest(1, ORGANISATION, "Harbour Data"), Interest(2, PERSON, "Ana Díaz")]
    facts = [Fact(FactKind.REQUESTER, "Ana Díaz"), Fact(FactKind.MODEL, "Assistant")]
    assert [(one.interest.key, one.fact.kind) for one in meetings(interests, facts)] == [
        (2, FactKind.REQUESTER)
    ]
