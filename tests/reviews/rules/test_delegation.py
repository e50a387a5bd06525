"""What forbids a delegation, and when it counts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from reviews.rules.delegation import Asked, DelegationFault, DelegationKind, Given, Span, faults_of
from reviews.rules.roster import SeatRole

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
WEEK = timedelta(days=7)
NEXT = Span(NOW + WEEK, NOW + 2 * WEEK)
SEAT = Asked(
    kind=DelegationKind.SEAT, giver="a", deputy="x", span=NEXT, reason="On leave.", giver_role=SeatRole.MEMBER,
    deputy_role=SeatRole.ALTERNATE,
)  # fmt: skip
LEGAL = Asked(
    kind=DelegationKind.LEGAL, giver="l", deputy="m", span=NEXT, reason="On leave.", both_legal=True
)


@pytest.mark.parametrize("asked", [SEAT, LEGAL, replace(SEAT, giver_role=SeatRole.CHAIR)])
def test_a_seat_goes_to_an_alternate_and_signing_to_other_legal_staff(asked: Asked) -> None:
    assert faults_of(asked, [], NOW) == ()


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        (replace(SEAT, deputy="a"), DelegationFault.TO_ONESELF),
        (replace(SEAT, giver_role=None), DelegationFault.NO_SEAT),
        (replace(SEAT, giver_role=SeatRole.ALTERNATE), DelegationFault.NO_SEAT),
        (replace(SEAT, deputy_role=None), DelegationFault.NOT_AN_ALTERNATE),
        (replace(SEAT, deputy_role=SeatRole.MEMBER), DelegationFault.SEATED_ALREADY),
        (replace(SEAT, deputy_role=SeatRole.CHAIR), DelegationFault.SEATED_ALREADY),
        (replace(SEAT, deputy_is_active=False), DelegationFault.NOT_ACTIVE),
        (replace(SEAT, reason="  "), DelegationFault.NO_REASON),
        (replace(SEAT, span=Span(NOW + WEEK, NOW + WEEK)), DelegationFault.ENDS_BEFORE_START),
        (replace(SEAT, span=Span(NOW - WEEK, NOW)), DelegationFault.OVER_ALREADY),
        (replace(LEGAL, both_legal=False), DelegationFault.NOT_LEGAL),
    ],
)
def test_what_is_wrong_is_said(asked: Asked, fault: DelegationFault) -> None:
    assert fault in faults_of(asked, [], NOW)


@pytest.mark.parametrize(
    ("other", "faults"),
    [
        (Given("a", "y", NEXT), [DelegationFault.OVERLAPS]),
        (Given("b", "x", NEXT), [DelegationFault.DEPUTY_STANDS_IN]),
        (Given("x", "y", NEXT), [DelegationFault.DEPUTY_IS_AWAY]),
        (Given("a", "y", Span(NOW, NOW + WEEK)), []),
        (Given("b", "x", Span(NOW + 2 * WEEK, NOW + 3 * WEEK)), []),
        (Given("b", "y", NEXT), []),
    ],
)
def test_delegations_of_the_same_time_stand_in_each_others_way(
    other: Given, faults: list[DelegationFault]
) -> None:
    assert list(faults_of(SEAT, [other], NOW)) == faults


def test_one_of_legal_staff_may_sign_for_several() -> None:
    assert faults_of(LEGAL, [Given("n", "m", NEXT)], NOW) == ()


@pytest.mark.parametrize(
    ("moment", "counts"),
    [(-1, False), (0, True), (6, True), (7, False)],
    ids=["before", "first", "last", "end"],
)
def test_it_counts_from_its_first_moment_to_before_its_last(moment: int, counts: bool) -> None:
    assert NEXT.contains(NEXT.since + timedelta(days=moment)) is counts
