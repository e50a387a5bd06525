"""Any two revisions beside each other, and what changed since one looked."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from audit.models import Event
from reviews.models import Look, ReviewRequest
from reviews.selectors.looks import FRESH
from reviews.services.drafting import attach_manifest
from reviews.services.submission import submit_revision
from tests.boardrooms import House, a_house, in_review
from tests.dossiers import MANIFEST, NOW, fill
from tests.reviews.pages.visits import client_of, get, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]


@pytest.fixture
def house() -> House:
    return a_house()


@pytest.fixture
def request_(house: House) -> ReviewRequest:
    """A request with three revisions: an answer changed twice, another once, a choice once, and the model's files."""
    request = in_review(
        house, answers={"harmed": "Drivers were heard through one works council.", "need": "A.\n\nB."}
    )
    revised(house, request, {"harmed": "Drivers were heard through two works councils."}, hours=5)
    manifest = MANIFEST.replace(b"b" * 64, b"c" * 64) + b"d" * 64 + b"  tokenizer.json\n"
    attach_manifest(actor=house.ravi, request_id=request.pk, text=manifest, now=NOW + timedelta(hours=6))
    answers = {
        "harmed": "Drivers were heard through two works councils and a survey.",
        "need": "A.\n\nB in ports.",
    }
    revised(house, request, answers, hours=7)
    return request


def revised(house: House, request: ReviewRequest, answers: dict[str, Any], *, hours: int) -> None:
    now = NOW + timedelta(hours=hours)
    fill(request, house.ravi, answers, now=now)
    submit_revision(actor=house.ravi, request_id=request.pk, now=now, why="As asked.")


def test_any_two_revisions_are_compared_inline_and_side_by_side_in_few_queries(
    house: House, request_: ReviewRequest, django_assert_max_num_queries: Any
) -> None:
    client = client_of(house, "milo")
    with django_assert_max_num_queries(14):
        inline = client.get(f"/requests/{request_.reference}/compare/?from=1&to=3").content.decode()
    assert "2 answers changed from revision 1 to revision 3" in words(inline)
    assert "<del>one</del><ins>two</ins> works <del>council</del><ins>councils and a survey</ins>." in inline
    assert "1 added, 0 removed, 1 with other bytes" in words(inline)
    assert "pairrow" not in inline
    assert re.search(r"answers unchanged", inline)
    side = get(house, "milo", f"/requests/{request_.reference}/compare/?from=3&to=1&view=side")
    assert "pairrow" in side
    assert "through <del>one</del> works <del>council</del>." in side
    assert "through <ins>two</ins> works <ins>councils and a survey</ins>." in side
    later = get(house, "milo", f"/requests/{request_.reference}/compare/?from=2&to=3")
    assert "<del>one</del>" not in later
    assert "councils<ins> and a survey</ins>" in later.replace("\n", "")


def test_numbers_left_out_mean_the_last_change_and_wrong_ones_find_nothing(
    house: House, request_: ReviewRequest
) -> None:
    address = f"/requests/{request_.reference}/compare/"
    assert "from revision 2 to revision 3" in words(get(house, "chloe", address))
    assert "from revision 1 to revision 2" in words(get(house, "chloe", address + "?to=2"))
    assert "Nothing changed from revision 2 to revision 2" in words(
        get(house, "chloe", address + "?from=2&to=2")
    )
    get(house, "chloe", address + "?from=1&to=9", status=404)
    get(house, "ugo", address, status=404)


def test_one_revision_has_nothing_to_compare(house: House) -> None:
    request = in_review(house)
    assert "There is nothing to compare yet." in get(
        house, "chloe", f"/requests/{request.reference}/compare/"
    )


def looked(person: Any, request: ReviewRequest, number: int, at: datetime) -> None:
    revision = request.revisions.get(number=number)
    Look.objects.create(person=person, revision=revision, first_at=at, last_at=at)


def test_since_you_looked_is_about_your_own_last_look_and_goes_after_half_a_day(
    house: House, request_: ReviewRequest
) -> None:
    address = f"/requests/{request_.reference}/"
    looked(house.milo, request_, 1, NOW)
    looked(house.lena, request_, 2, NOW)
    events = Event.objects.count()
    page = get(house, "milo", address)
    assert "2 answers changed since you looked on" in words(page)
    assert f"{address}compare/?from=1&amp;to=3" in page
    assert "from revision 1 to revision 3" in words(get(house, "milo", address + "compare/"))
    assert "Changes since revision 2 since revision 1 Clean text" in words(page)
    assert "<del>one</del><ins>two</ins>" in get(house, "milo", address + "?since=1")
    assert "since you looked" in get(house, "milo", address)
    assert "since you looked" not in get(house, "chloe", address)
    assert set(Look.objects.filter(revision__number=3).values_list("person", flat=True)) == {
        house.milo.pk, house.chloe.pk,
    }  # fmt: skip
    Look.objects.filter(person=house.milo, revision__number=3).update(first_at=timezone.now() - FRESH * 2)
    assert "since you looked" not in get(house, "milo", address)
    assert Event.objects.count() == events


def test_a_second_look_at_once_writes_nothing_and_a_later_one_its_time(
    house: House, request_: ReviewRequest
) -> None:
    address = f"/requests/{request_.reference}/"
    get(house, "milo", address)
    first = Look.objects.get()
    get(house, "milo", address)
    assert Look.objects.get().last_at == first.last_at
    Look.objects.update(first_at=NOW, last_at=NOW)
    get(house, "milo", address)
    assert (Look.objects.get().first_at, Look.objects.get().last_at > NOW) == (NOW, True)
