"""Moving a motion with its conditions, seconding it, and opening its ballot."""

from datetime import timedelta
from typing import Any

import pytest

from reviews.models import Ballot, Motion, ReviewRequest
from reviews.services.boards import set_policy
from tests.boardrooms import POLICY, House, a_house, a_motion, in_review
from tests.dossiers import NOW

from .visits import client_of, get, post, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]


@pytest.fixture
def house() -> House:
    return a_house()


def path(request: ReviewRequest, part: str = "") -> str:
    return f"/requests/{request.reference}/{part}"


def a_form(house: House, **more: str) -> dict[str, str]:
    due = (NOW + timedelta(days=90)).date().isoformat()
    return {
        "kind": "approve_with_conditions", "text": "Approve it with one condition.",
        "conditions-TOTAL_FORMS": "3", "conditions-INITIAL_FORMS": "0",
        "conditions-0-text": "Test again each quarter.", "conditions-0-owner": str(house.ravi.pk),
        "conditions-0-verifier": str(house.sid.pk), "conditions-0-due": due, "conditions-0-blocks_release": "on",
        **more,
    }  # fmt: skip


def test_a_motion_with_a_condition_is_moved_and_waits_for_a_seconder(house: House) -> None:
    request = in_review(house)
    move = path(request, "boards/ethics/move/")
    assert "checked" not in get(house, "milo", move).split('name="kind"', 1)[1].split("</fieldset>", 1)[0]
    post(house, "milo", move, a_form(house))
    motion = Motion.objects.get()
    condition = motion.conditions.get()
    assert (condition.text, condition.owner, condition.verifier) == (
        "Test again each quarter.",
        house.ravi,
        house.sid,
    )
    assert condition.blocks_release
    front = words(get(house, "mara", path(request)))
    assert "Needs a seconder" in front
    assert "Blocks the release" in front
    second = path(request, f"motions/{motion.pk}/second/")
    for name, status in (("milo", 403), ("rex", 403), ("sena", 403), ("ravi", 403), ("ugo", 404)):
        post(house, name, second, status=status)
    post(house, "mara", second)
    assert "seconded by Mara Member" in words(get(house, "milo", path(request)))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"kind": ""}, "This field is required."),
        ({"text": ""}, "This field is required."),
        ({"conditions-0-due": ""}, "This field is required."),
        ({"conditions-0-due": "2020-01-01"}, "Condition 1: the due day has to lie ahead."),
        ({"conditions-0-due": "9999-12-31"}, "Condition 1: the due day lies more than five years ahead."),
    ],
)
def test_what_is_missing_is_said_and_what_was_written_stays(
    house: House, change: dict[str, str], sentence: str
) -> None:
    request = in_review(house)
    response = post(house, "milo", path(request, "boards/ethics/move/"), a_form(house, **change), 422)
    html = response.content.decode()
    assert sentence in words(html)
    assert "Test again each quarter." in html
    assert not Motion.objects.exists()


def test_whoever_may_not_move_reads_why_and_can_not(house: House) -> None:
    request = in_review(house)
    move = path(request, "boards/ethics/move/")
    assert "Only members of this board may do this." in words(get(house, "sena", move))
    for name, status in (("sena", 403), ("rex", 403), ("ravi", 403), ("ugo", 404)):
        post(house, name, move, a_form(house), status)
    assert not Motion.objects.exists()


def test_the_secretary_says_who_is_there_and_opens_the_ballot(house: House) -> None:
    request = in_review(house)
    motion = a_motion(house, house.ethics_review(request))
    opening = path(request, f"motions/{motion.pk}/ballot/")
    html = get(house, "sena", opening)
    assert "Recused: Rex Recused" in words(html)
    assert "Quorum is more than half of the seats, present and not recused." in words(html)
    here = {f"here_{house.people[name].pk}": "on" for name in ("chloe", "milo", "lena")}
    response = post(house, "sena", opening, here)
    ballot = Ballot.objects.get()
    assert response["Location"] == path(request, f"ballots/{ballot.number}/")
    assert not ballot.seats.get(person=house.mara).present


def test_without_quorum_or_a_lay_member_no_ballot_opens_and_it_says_why(house: House) -> None:
    request = in_review(house)
    motion = a_motion(house, house.ethics_review(request))
    opening = path(request, f"motions/{motion.pk}/ballot/")
    few = {f"here_{house.people[name].pk}": "on" for name in ("chloe", "lena")}
    assert "No quorum: 2 of 5 seats" in words(post(house, "sena", opening, few, 422).content.decode())
    no_lay = {f"here_{house.people[name].pk}": "on" for name in ("chloe", "milo", "mara")}
    assert "There are 0." in words(post(house, "sena", opening, no_lay, 422).content.decode())
    for name, status in (("milo", 403), ("rex", 403), ("ravi", 403), ("ugo", 404)):
        post(house, name, opening, {}, status)
    assert not Ballot.objects.exists()


def test_a_checklist_that_the_policy_asks_for_stands_before_the_ballot(house: House) -> None:
    strict = a_house_with_gate(house)
    request = in_review(strict)
    motion = a_motion(strict, strict.ethics_review(request))
    here = {f"here_{strict.people[name].pk}": "on" for name in ("chloe", "milo", "mara", "lena")}
    opening = path(request, f"motions/{motion.pk}/ballot/")
    missing = "These checklists have to be accepted for the version first: no-such-list."
    shown = get(strict, "sena", opening)
    assert missing in words(shown)
    assert 'aria-disabled="true" aria-describedby="why-not"' in shown
    assert '<button class="primary big">' not in shown
    response = post(strict, "sena", opening, here, 422)
    assert missing in words(response.content.decode())


def a_house_with_gate(house: House) -> House:
    content = {**POLICY, "gates": ["no-such-list"]}
    set_policy(
        actor=house.ada, board_id=house.boards["ethics"].pk, content=content, reason="A test.", now=NOW
    )
    return house


def test_the_pages_take_at_most_fifteen_queries(house: House, django_assert_max_num_queries: Any) -> None:
    request = in_review(house)
    motion = a_motion(house, house.ethics_review(request))
    for name, part in (("milo", "boards/ethics/move/"), ("sena", f"motions/{motion.pk}/ballot/")):
        client = client_of(house, name)
        with django_assert_max_num_queries(15):
            assert client.get(path(request, part)).status_code == 200
