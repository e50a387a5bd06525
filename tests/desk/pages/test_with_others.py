"""Who holds what one waits for: beside my work, with a click that reminds, and the page of dates."""

from datetime import timedelta

import pytest
from django.test import Client

from reviews.models import BoardReview
from tests.boardrooms import House, a_ballot, a_house, in_review
from tests.desk.conftest import browser
from tests.dossiers import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]
SOON = NOW + timedelta(hours=1)


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    for module in ("desk.views.my_work", "reviews.views.acting"):
        monkeypatch.setattr(f"{module}.timezone.now", lambda: SOON)
    return a_house()


def others(client: Client) -> str:
    return client.get("/with-others", headers={"HX-Request": "true"}).content.decode()


def test_a_secretary_reminds_with_one_click_and_reads_that_it_was_done(house: House) -> None:
    request = in_review(house)
    ballot = a_ballot(house, house.ethics_review(request), absent=("mara",))
    sena = browser(house.sena)
    shown = others(sena)
    assert "Waits for Chloe Chair, Milo Member, Lena Lay: vote" in shown
    assert "Remind Milo Member now" in shown
    given = {"kind": "review.vote", "object": ballot.pk, "person": house.milo.pk}
    path = f"/requests/{request.reference}/remind/"
    page = sena.post(path, given, follow=True).content.decode()
    assert "Milo Member was reminded: it stands in their inbox" in page
    shown = others(sena)
    assert "Milo Member was reminded today" in shown
    assert "Remind Milo Member now" not in shown
    assert "Remind Chloe Chair now" in shown
    again = sena.post(path, given, follow=True).content.decode()
    assert "Once a day is the most." in again


def test_who_leads_no_board_sees_no_names_of_votes_and_reminds_nobody(house: House) -> None:
    request = in_review(house)
    a_ballot(house, house.ethics_review(request))
    shown = others(browser(house.ravi))
    assert "Waits for Ethics board: review" in shown
    for secret in ("Milo Member", "vote", "Remind"):
        assert secret not in shown
    assert "Milo Member" in others(browser(house.lena))
    assert "now</button>" not in others(browser(house.lena))
    page = browser(house.ugo).get("/with-others").content.decode()
    assert "Nobody holds anything that you wait for." in page


def test_a_date_is_moved_on_its_page_and_stays_locked_for_others(house: House) -> None:
    request = in_review(house)
    review = house.ethics_review(request)
    dates, one = (
        f"/requests/{request.reference}/dates/",
        f"/requests/{request.reference}/dates/review/{review.pk}/",
    )
    sena, ravi = browser(house.sena), browser(house.ravi)
    assert f'href="{dates}"' in sena.get(f"/requests/{request.reference}/").content.decode()
    assert one in sena.get(dates).content.decode()
    assert f'href="{one}"' not in ravi.get(dates).content.decode()
    assert ravi.post(one, {"day": "2027-01-20", "reason": "I wish it."}).status_code == 403
    early = sena.post(one, {"day": "2026-11-01", "reason": "Ill."})
    assert (early.status_code, "has to lie ahead" in early.content.decode()) == (422, True)
    done = sena.post(one, {"day": "2027-01-20", "at": "12:00", "reason": "Two members are ill."})
    assert (done.status_code, done["Location"]) == (302, dates)
    assert BoardReview.objects.get(pk=review.pk).due_at.isoformat() == "2027-01-20T12:00:00+00:00"
    assert browser(house.ugo).get(one).status_code == 404
