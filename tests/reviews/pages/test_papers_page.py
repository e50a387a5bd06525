"""The papers of a meeting: who gets which copy, when they are made again, and what is left out; nothing is printed."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from audit import files
from audit.models import Event
from jobs.models import Job
from reviews.models import AgendaItem, Attendance, Meeting, Papers, Question
from reviews.selectors.papers import items_of, papers_of
from reviews.services.interests import recuse
from reviews.services.papers import ask_for_papers, build
from reviews.services.papers_building import Built
from tests.boardrooms import House, a_house, in_review
from tests.dossiers import NOW
from tests.reviews.pages.visits import client_of, get, post, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]


@pytest.fixture
def house() -> House:
    return a_house()


@pytest.fixture
def meeting(house: House) -> Meeting:
    review = house.ethics_review(in_review(house))
    starts = datetime.fromisoformat("2026-12-01T09:00:00+00:00")
    meeting = Meeting.objects.create(
        board=review.board, starts_at=starts, ends_at=starts + timedelta(hours=1), zone="UTC", place="Room 4",
        call_by=NOW, uid="papers@example.org", secretary=house.sena, made_at=NOW,
    )  # fmt: skip
    AgendaItem.objects.create(meeting=meeting, place=1, takes=20, added_at=NOW, kind="review", review=review)
    AgendaItem.objects.create(meeting=meeting, place=2, takes=20, added_at=NOW, kind="other", title="Dates")
    return meeting


def printed(monkeypatch: pytest.MonkeyPatch, problems: list[str] | None = None) -> None:
    monkeypatch.setattr(
        "reviews.services.papers_building.build", lambda _papers, _now: Built(b"%PDF", 12, problems or [])
    )


def printed_for(papers: Papers) -> str:
    """Return what is printed for the first item, before it is printed."""
    with override(papers.language):
        item = papers_of(items_of(papers.meeting), papers.kept_from, papers.language, NOW)[0]
        record = {**item.printed, "decision": {"revision": 1}} if item.printed else {}
        return render_to_string(
            "reviews/print/papers_item.html", {"item": item, "record": record, "zone": "UTC"}
        )


def ask(house: House, meeting: Meeting, name: str = "milo", **given: Any) -> Papers:
    return ask_for_papers(
        actor=house.people[name],
        meeting_id=meeting.pk,
        language=given.get("language", "en"),
        now=given.get("now", NOW),
    )


def test_papers_are_made_once_for_all_readers_of_a_class(
    house: House, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = f"/meetings/{meeting.pk}/papers/"
    assert "Put the papers together" in words(get(house, "milo", page))
    post(house, "milo", page, {"language": "en"})
    post(house, "mara", page, {"language": "en"})
    papers = Papers.objects.get()
    assert (papers.state, papers.kept_from, papers.asked_by) == ("building", [], house.milo)
    assert Job.objects.filter(kind="reviews.papers", payload={"papers": papers.pk}).count() == 1
    assert Event.objects.filter(verb="papers.asked").count() == 1
    assert "being put together" in words(get(house, "milo", page))
    assert client_of(house, "milo").get(f"{page}{papers.pk}.pdf").status_code == 302, "there is nothing yet"
    printed(monkeypatch, ["torn.pdf is broken or locked, and can't be joined. Read it on the request."])
    build(papers_id=papers.pk, now=NOW)
    build(papers_id=papers.pk, now=NOW)
    assert Event.objects.filter(verb="papers.made").count() == 1
    shown = words(get(house, "milo", page))
    assert "Download (12 pages" in shown
    assert "torn.pdf is broken or locked" in shown
    response = client_of(house, "milo").get(f"{page}{papers.pk}.pdf")
    assert response.getvalue() == b"%PDF"
    assert Event.objects.filter(verb="papers.taken").count() == 1


def test_who_is_recused_gets_a_copy_without_the_item_and_not_the_others(
    house: House, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = meeting.items.get(kind="review")
    review = item.review
    assert review is not None
    printed(monkeypatch)
    whole = ask(house, meeting)
    build(papers_id=whole.pk, now=NOW)
    page = f"/meetings/{meeting.pk}/papers/"
    assert client_of(house, "mara").get(f"{page}{whole.pk}.pdf").status_code == 200
    recuse(actor=house.mara, request_id=review.request_id, kind="personal", reason="My sister.", now=NOW)
    assert client_of(house, "mara").get(f"{page}{whole.pk}.pdf").status_code == 404
    assert "1 item is left out of your copy" in words(get(house, "mara", page))
    hers = ask(house, meeting, "mara")
    assert (hers.kept_from, hers.pk != whole.pk) == ([item.pk], True)
    assert "recused from this item" in printed_for(hers), "a line says so"
    assert review.revision.sha256 not in printed_for(hers)
    assert review.revision.sha256 in printed_for(whole)
    item.state, item.why = "removed", "Later."
    item.save()
    assert client_of(house, "mara").get(f"{page}{whole.pk}.pdf").status_code == 404, (
        "old papers tell it still"
    )
    assert client_of(house, "ugo").get(page).status_code == 404
    Attendance.objects.create(meeting=meeting, person=house.ugo, name="Ugo", part="guest", asked_at=NOW)
    assert client_of(house, "ugo").get(page).status_code == 403, "guests read what they were sent"
    assert client_of(house, "ugo").get(f"{page}{whole.pk}.pdf").status_code == 403


def test_papers_are_old_when_the_agenda_or_what_lies_before_the_board_has_changed(
    house: House, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = ask(house, meeting)
    assert ask(house, meeting, "sena") == first
    assert ask(house, meeting, language="zh-hans") != first
    review = meeting.items.get(kind="review").review
    assert review is not None
    Question.objects.create(
        request=review.request, review=review, revision=review.revision, number=1, text="Why?", asked_by=house.milo,
        asked_at=NOW, due_at=NOW,
    )  # fmt: skip
    printed(monkeypatch)
    build(papers_id=first.pk, now=NOW)
    assert "has changed since" in words(get(house, "milo", f"/meetings/{meeting.pk}/papers/"))
    second = ask(house, meeting)
    assert second.agenda_sha256 != first.agenda_sha256
    AgendaItem.objects.filter(meeting=meeting, kind="other").update(title="Other dates")
    assert ask(house, meeting).pk not in {first.pk, second.pk}


def test_a_failure_stands_there_with_its_reason_and_is_tried_again(
    house: House, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_papers: Papers, _now: datetime) -> Built:
        raise files.Lost("no such file")

    papers = ask(house, meeting)
    monkeypatch.setattr("reviews.services.papers_building.build", broken)
    with pytest.raises(files.Lost):
        build(papers_id=papers.pk, now=NOW)
    assert "no such file" in words(get(house, "milo", f"/meetings/{meeting.pk}/papers/"))
    assert ask(house, meeting).state == "building"
    assert Event.objects.filter(verb="papers.asked").count() == 2
