"""Pages of interests and of standing in: a person's own, a board's, and what a request shows of them."""

from typing import Any

import pytest
from django.utils import timezone

from accounts.roles import Role
from reviews.models import Delegation, Disclosure, Seat
from reviews.services.boards import seat_person
from reviews.services.disclosing import InterestDraft, disclose
from tests.boardrooms import POLICY, House, a_ballot, a_house, a_motion, in_review
from tests.dossiers import NOW, person

from .visits import client_of, get, post, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]


@pytest.fixture
def house() -> House:
    """The house whose ethics board asks for disclosures, with Alma as its alternate."""
    house = a_house({**POLICY, "declaration_months": 12})
    house.people["alma"] = person("Alma Alternate", Role.RESEARCHER)
    seat_person(
        actor=house.ada, board_id=house.boards["ethics"].pk, person_id=house.alma.pk, role="alternate",
        attributes=["lay"], now=NOW,
    )  # fmt: skip
    return house


def lines(*rows: tuple[str, str, str], **more: str) -> dict[str, Any]:
    sent = {"interests-TOTAL_FORMS": str(len(rows) + 1), "interests-INITIAL_FORMS": "0"} | more
    for place, row in enumerate(rows):
        sent |= {
            f"interests-{place}-{key}": value for key, value in zip(("kind", "name", "tie"), row, strict=True)
        }
    return sent


def test_a_member_discloses_in_a_form_and_nothing_is_lost_when_a_line_is_not_whole(house: House) -> None:
    assert "Ethics board" in words(get(house, "milo", "/me/interests/"))
    half = lines(("organisation", "Harbour Data", ""))
    again = post(house, "milo", "/me/interests/", half, 422).content.decode()
    assert 'value="Harbour Data"' in again
    assert not Disclosure.objects.exists()
    post(house, "milo", "/me/interests/", lines(("organisation", "Harbour Data", "Shares.")))
    assert [row.name for row in Disclosure.objects.get(person=house.milo).interests.all()] == ["Harbour Data"]
    assert 'value="Harbour Data"' in get(house, "milo", "/me/interests/"), "the next one begins with the last"


def test_both_none_and_some_is_an_error_of_the_form(house: House) -> None:
    both = lines(("person", "Ana Díaz", "Family."), none="on")
    told = words(post(house, "milo", "/me/interests/", both, 422).content.decode())
    assert "Take out one of both." in told
    assert not Disclosure.objects.exists()


def test_chair_and_secretary_see_who_has_disclosed_what_and_others_do_not(house: House) -> None:
    drafts = [InterestDraft("organisation", "Harbour Data", "Shares.")]
    disclose(actor=house.milo, interests=drafts, none=False, now=timezone.now())
    page = f"/boards/{house.boards['ethics'].slug}/interests/"
    for name in ("chloe", "sena"):
        shown = words(get(house, name, page))
        assert "Harbour Data" in shown
        assert "never" in shown
    for name in ("milo", "mara", "ada", "lex"):
        assert "Harbour Data" not in words(get(house, name, page, 403))
    get(house, "ugo", page, 404)
    assert page in get(house, "chloe", "/boards/ethics/")
    assert page not in get(house, "mara", "/boards/ethics/")


def test_who_is_away_names_an_alternate_on_their_page_and_the_board_shows_it(house: House) -> None:
    day = timezone.localdate()
    sent = {
        "deputy": f"{house.boards['ethics'].pk}:{house.alma.pk}", "first_day": day.isoformat(),
        "last_day": day.isoformat(), "reason": "On leave.",
    }  # fmt: skip
    bad = post(house, "milo", "/me/away/", sent | {"reason": ""}, 422).content.decode()
    assert day.isoformat() in bad, "what was chosen stays"
    post(house, "milo", "/me/away/", sent)
    made = Delegation.objects.get()
    assert (made.giver, made.deputy, made.board) == (house.milo, house.alma, house.boards["ethics"])
    assert "Alma Alternate stands in" in words(get(house, "mara", "/boards/ethics/"))
    assert "Milo Member" in words(get(house, "alma", "/me/away/"))
    post(house, "mara", f"/me/away/{made.pk}/end/", status=404)
    post(house, "milo", f"/me/away/{made.pk}/end/")
    assert "stands in" not in words(get(house, "mara", "/boards/ethics/"))


def test_who_has_nothing_to_delegate_is_told_why(house: House) -> None:
    told = words(get(house, "ravi", "/me/away/"))
    assert "there is nothing to delegate" in told
    told = words(get(house, "lex", "/me/away/"))
    assert "you are the only legal staff" in told


def test_an_administrator_names_the_alternate_of_a_seat_on_the_page_of_the_board(house: House) -> None:
    seat = Seat.objects.get(person=house.milo, board=house.boards["ethics"])
    act = f"/boards/ethics/seats/{seat.pk}/alternate/"
    assert act in get(house, "ada", "/boards/ethics/")
    assert act not in get(house, "chloe", "/boards/ethics/")
    post(house, "chloe", act, {"alternate": house.alma.pk}, 403)
    post(house, "ada", act, {"alternate": house.alma.pk})
    seat.refresh_from_db()
    assert seat.alternate == house.alma


def test_who_stands_in_is_proposed_before_a_ballot_opens_and_told_on_its_page(house: House) -> None:
    request = in_review(house)
    review = house.ethics_review(request)
    motion = a_motion(house, review)
    page = f"/requests/{request.reference}/motions/{motion.pk}/ballot/"
    shown = get(house, "sena", page)
    assert "Proposed: Alma Alternate sits for Rex Recused (next in order)." in words(shown)
    assert f'<option value="{house.rex.pk}" selected>' in shown
    here = {f"here_{house.people[name].pk}": "on" for name in ("chloe", "milo", "mara", "lena")}
    post(house, "sena", page, here | {f"sits_{house.alma.pk}": house.rex.pk})
    told = words(get(house, "chloe", f"/requests/{request.reference}/ballots/1/"))
    assert "Alma Alternate sits for Rex Recused (next in order)" in told


def test_a_hint_is_judged_on_the_page_of_interests(house: House) -> None:
    request = in_review(house)
    drafts = [InterestDraft("person", "Ravi Requester", "We share a flat.")]
    line = disclose(actor=house.milo, interests=drafts, none=False, now=NOW).interests.get()
    page = f"/requests/{request.reference}/interests/"
    assert "We share a flat." in words(get(house, "chloe", page))
    assert "We share a flat." not in words(get(house, "mara", page))
    act = f"{page}disclosed/{line.pk}/judge/"
    post(house, "chloe", act, {"finding": "Near."})
    assert not request.declarations.exists(), "nothing was chosen"
    post(house, "chloe", act, {"is_conflict": "yes", "finding": "Near."})
    assert request.recusals.filter(person=house.milo, kind="personal").exists()
    shown = words(get(house, "milo", page))
    assert "Milo Member" in shown


def test_the_pages_take_at_most_fifteen_queries(house: House, django_assert_max_num_queries: Any) -> None:
    request = in_review(house)
    disclose(
        actor=house.milo, interests=[InterestDraft("person", "Ravi Requester", "Flat.")], none=False, now=NOW
    )
    a_ballot(house, house.ethics_review(request))
    own = f"/requests/{request.reference}/"
    for name, page in (
        ("milo", "/me/away/"), ("milo", "/me/interests/"), ("chloe", "/boards/ethics/interests/"),
        ("ada", "/boards/ethics/"), ("chloe", f"{own}interests/"), ("lex", "/me/away/"),
    ):  # fmt: skip
        client = client_of(house, name)
        client.get(page)
        with django_assert_max_num_queries(15):
            assert client.get(page).status_code == 200
