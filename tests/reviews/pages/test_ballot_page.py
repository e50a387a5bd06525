"""The page of a ballot: nothing is chosen beforehand, each choice says what it does, hidden positions stay hidden."""

import re
from typing import Any

import pytest

from reviews.models import Ballot, Block, Vote
from tests.boardrooms import POLICY, House, a_ballot, a_house, all_vote, in_review, vote

from .visits import client_of, get, post, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]


@pytest.fixture
def house() -> House:
    return a_house()


def address(ballot: Ballot, part: str = "") -> str:
    return f"/requests/{ballot.request.reference}/ballots/{ballot.number}/{part}"


def a_vote(ballot: Ballot, position: str = "for", **more: str) -> dict[str, str]:
    return {"position": position, "reason": "It is safe.", "revision_sha256": ballot.revision_sha256, **more}


def test_nothing_is_preselected_and_each_choice_says_what_it_does(house: House) -> None:
    ballot = a_ballot(house, house.ethics_review(in_review(house)))
    for name, position in (("chloe", "for"), ("milo", "for"), ("mara", "against")):
        ballot = vote(house, ballot, name, position)
    html = get(house, "lena", address(ballot))
    radios = re.findall(r'<input type="radio" name="position"[^>]*>', html)
    assert len(radios) == 3
    assert not any("checked" in radio for radio in radios)
    assert not re.search(r'name="block"[^>]*checked', html)
    said = words(html)
    assert "For 3 of 4 for, 3 needed. The ballot closes at once: passes" in said
    assert "Against 2 of 4 for, 3 needed. The ballot closes at once: does not pass" in said
    assert (
        "Abstain You still count among the 4. 2 of 4 for, 3 needed. The ballot closes at once: does not pass"
        in said
    )
    assert "Yours is the last vote out" in said
    assert ballot.revision_sha256[:4] in said
    assert "2 × for &gt; 1 × 4" in said


def test_a_vote_is_cast_with_its_reason_and_seen_by_the_others(house: House) -> None:
    ballot = a_ballot(house, house.ethics_review(in_review(house)))
    post(house, "milo", address(ballot, "vote/"), a_vote(ballot))
    cast = Vote.objects.get()
    assert (cast.position, cast.reason, cast.entered_by) == ("for", "It is safe.", house.milo)
    assert "It is safe." in get(house, "chloe", address(ballot))
    assert "Still to vote: Chloe Chair, Mara Member, Lena Lay" in words(get(house, "chloe", address(ballot)))


def test_who_votes_is_who_is_signed_in_whatever_the_form_says(house: House) -> None:
    ballot = a_ballot(house, house.ethics_review(in_review(house)))
    chloe = str(house.chloe.pk)
    forged = dict.fromkeys(("actor", "person", "person_id", "voter", "seat", "user", "entered_by"), chloe)
    post(house, "milo", address(ballot, "vote/"), a_vote(ballot, **forged))
    cast = Vote.objects.get()
    assert (cast.seat.person, cast.entered_by) == (house.milo, house.milo)


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ({"position": ""}, "Choose for, against or abstain."),
        ({"reason": " "}, "This field is required."),
        ({"block": "on"}, "Write what you block and what would settle it."),
        ({"revision_sha256": "0" * 64}, "You read another revision than this ballot is about."),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_what_was_written_stays(
    house: House, data: dict[str, str], fault: str
) -> None:
    ballot = a_ballot(house, house.ethics_review(in_review(house)))
    response = post(
        house, "milo", address(ballot, "vote/"), {**a_vote(ballot, reason="My own words"), **data}, 422
    )
    html = response.content.decode()
    assert fault in words(html)
    if "reason" not in data:
        assert "My own words" in html
    assert not Vote.objects.exists()


def test_a_block_is_taken_with_a_vote_and_shown_until_it_is_cleared(house: House) -> None:
    ballot = a_ballot(house, house.ethics_review(in_review(house)))
    post(
        house,
        "lena",
        address(ballot, "vote/"),
        a_vote(ballot, "against", block="on", block_text="Night crews first."),
    )
    block = Block.objects.get()
    assert block.text == "Night crews first."
    assert "Night crews first." in get(house, "milo", address(ballot))
    assert "Your blocking position stands:" in get(house, "lena", address(ballot))
    reference = ballot.request.reference
    post(house, "milo", f"/requests/{reference}/blocks/{block.pk}/clear/", {"reason": "No."}, 403)
    post(house, "lena", f"/requests/{reference}/blocks/{block.pk}/clear/", {"reason": "They were heard."})
    block.refresh_from_db()
    assert (block.state, block.ending_reason) == ("cleared", "They were heard.")


def test_a_repeated_click_gives_one_vote_and_a_changed_mind_two_rows(house: House) -> None:
    ballot = a_ballot(house, house.ethics_review(in_review(house)))
    for position in ("for", "for", "against"):
        post(house, "milo", address(ballot, "vote/"), a_vote(ballot, position))
    assert list(Vote.objects.values_list("position", flat=True)) == ["for", "against"]
    assert "Until the ballot closes you may change your mind" in words(get(house, "milo", address(ballot)))


def test_positions_are_hidden_from_everybody_while_the_board_hides_them_and_shown_afterwards() -> None:
    house = a_house({**POLICY, "positions_hidden": True})
    request = in_review(house)
    ballot = a_ballot(house, house.ethics_review(request))
    vote(house, ballot, "milo", "against", reason="Too thin for me", block_text="Hidden block")
    for name in ("chloe", "mara", "sena"):
        html = get(house, name, address(ballot))
        assert "Too thin for me" not in html
        assert "Hidden block" not in html
        assert "Milo Member: against" not in html
        assert "Milo Member: blocking" not in html
        assert "1 have voted" in words(html)
        assert "vote.cast" not in get(house, name, f"/requests/{request.reference}/history/")
        front = get(house, name, f"/requests/{request.reference}/")
        assert "Milo Member: against" not in front
        assert "Too thin" not in get(house, name, f"/requests/{request.reference}/boards/ethics/")
    assert "Too thin for me" in get(house, "milo", address(ballot))
    all_vote(house, ballot, "against", names=("chloe", "mara", "lena"))
    html = get(house, "chloe", address(ballot))
    assert "Too thin for me" in html
    assert "Milo Member: against" in html or "Milo Member: blocking" in html


def test_who_may_not_vote_reads_why(house: House) -> None:
    ballot = a_ballot(house, house.ethics_review(in_review(house)), absent=["mara"])
    assert "You had no seat on this board when the ballot opened." in words(
        get(house, "sena", address(ballot))
    )
    assert "You are marked as absent." in words(get(house, "mara", address(ballot)))
    get(house, "rex", address(ballot), 403)
    get(house, "ravi", address(ballot), 403)
    get(house, "ugo", address(ballot), 404)
    for name, status in (("rex", 403), ("ravi", 403), ("sena", 403), ("ugo", 404), ("ada", 404)):
        post(house, name, address(ballot, "vote/"), a_vote(ballot), status)
    post(house, "mara", address(ballot, "vote/"), a_vote(ballot), 422)
    assert not Vote.objects.exists()


def test_the_secretary_closes_only_what_is_certain_and_reads_why_not(house: House) -> None:
    ballot = a_ballot(house, house.ethics_review(in_review(house)))
    assert "The result can still change." in words(get(house, "sena", address(ballot)))
    post(house, "sena", address(ballot, "close/"))
    ballot.refresh_from_db()
    assert ballot.state == "open"
    for name in ("milo", "mara"):
        vote(house, ballot, name, "against")
    assert "Its result can't change any more." in words(get(house, "sena", address(ballot)))
    assert "Close the ballot" not in words(get(house, "chloe", address(ballot)))
    post(house, "chloe", address(ballot, "close/"), status=403)
    post(house, "sena", address(ballot, "close/"))
    ballot.refresh_from_db()
    assert (ballot.state, ballot.result, ballot.because) == ("closed", "failed", "result_certain")


def test_the_secretary_notes_who_arrives_and_enters_a_vote_with_both_names(house: House) -> None:
    ballot = a_ballot(house, house.ethics_review(in_review(house)), absent=["mara"])
    mara = str(house.mara.pk)
    post(
        house, "sena", address(ballot, "attendance/"), {"person": mara, "present": "yes", "note": "by train"}
    )
    assert ballot.seats.get(person=house.mara).present
    post(
        house,
        "sena",
        address(ballot, "enter/"),
        {"person": mara, "position": "for", "reason": "By telephone."},
    )
    assert Vote.objects.get().entered_by == house.sena
    assert "entered by Sena Secretary" in words(get(house, "chloe", address(ballot)))
    post(
        house,
        "milo",
        address(ballot, "enter/"),
        {"person": mara, "position": "against", "reason": "No."},
        403,
    )
    assert Vote.objects.count() == 1


def test_a_closed_ballot_shows_its_own_roster_rules_and_minority_whatever_changes_later(house: House) -> None:
    ballot = a_ballot(house, house.ethics_review(in_review(house)))
    all_vote(house, ballot, names=("chloe", "milo", "mara"))
    vote(house, ballot, "lena", "against", reason="Night crews were not heard.")
    house.milo.display_name = "Someone Else"
    house.milo.save()
    said = words(get(house, "chloe", address(ballot)))
    assert "Milo Member: for" in said
    assert "minority opinion" in said
    assert "Passed" in said
    assert 'name="position"' not in get(house, "chloe", address(ballot))


def test_a_ballot_takes_at_most_fifteen_queries(house: House, django_assert_max_num_queries: Any) -> None:
    ballot = a_ballot(house, house.ethics_review(in_review(house)))
    vote(house, ballot, "lena", "against", block_text="Night crews.")
    for name in ("milo", "sena"):
        client = client_of(house, name)
        with django_assert_max_num_queries(15):
            assert client.get(address(ballot)).status_code == 200


@pytest.mark.parametrize("part", ["vote/", "close/", "attendance/", "enter/"])
def test_what_changes_a_ballot_is_only_sent(house: House, part: str) -> None:
    ballot = a_ballot(house, house.ethics_review(in_review(house)))
    get(house, "milo", address(ballot, part), 405)
