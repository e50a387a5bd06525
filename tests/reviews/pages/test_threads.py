"""Threads on the page of a request: passages over revisions, findings, names after "@", what a ballot is told."""

from datetime import timedelta

import pytest

from accounts.models import User
from reviews.models import Comment, Note, ReviewRequest
from reviews.services.discussing import comment_on_answer, find_fault
from reviews.services.submission import submit_revision
from tests.boardrooms import POLICY, House, a_house, a_motion, in_review
from tests.dossiers import NOW, fill

from .visits import client_of, get, post, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_house")]
ANSWER = "Both **works councils** were heard.\n\n- Night crews were not asked.\n- Night crews come later."


@pytest.fixture
def house() -> House:
    return a_house()


@pytest.fixture
def request_(house: House) -> ReviewRequest:
    return in_review(house, answers={"harmed": ANSWER})


def path(request: ReviewRequest, part: str = "") -> str:
    return f"/requests/{request.reference}/{part}"


def test_a_passage_is_picked_marked_goes_along_and_says_when_it_is_gone(
    house: House, request_: ReviewRequest
) -> None:
    said = {"about": "harmed", "text": "Ask them.", "kind": "must_fix"}
    refused = post(house, "milo", path(request_, "discuss/"), said | {"quote": "day crews"}, 422)
    assert "don&#x27;t stand in the answer" in refused.content.decode()
    unclear = post(house, "milo", path(request_, "discuss/"), said | {"quote": "Night crews"}, 422)
    assert unclear.content.decode().count('type="radio" name="nth"') == 2
    post(house, "milo", path(request_, "discuss/"), said | {"quote": "Night crews", "nth": "1"})
    post(
        house, "milo", path(request_, "discuss/"), said | {"quote": "works councils were", "kind": "everyone"}
    )
    html = get(house, "ravi", path(request_))
    assert (
        '<strong><mark class="live">works councils</mark></strong><mark class="live"> were</mark><a' in html
    )
    assert '<li><mark class="bad">Night crews</mark><a class="pinno bad" href="#comment-' in html
    assert "1 finding must be fixed" in words(html)
    assert "1 must fix" in words(get(house, "ravi", "/requests/"))
    fill(
        request_,
        house.ravi,
        {"harmed": "Both **works councils** were heard twice."},
        now=NOW + timedelta(hours=5),
    )
    submit_revision(actor=house.ravi, request_id=request_.pk, now=NOW + timedelta(hours=5), why="As asked.")
    html = words(get(house, "milo", path(request_)))
    assert "The passage is gone since revision 2." in html
    assert html.count("is gone since") == 1
    assert "See whether the finding is met" in html
    assert '<del class="quote">“Night crews”</del>' in get(house, "milo", path(request_))


def test_a_finding_is_resolved_with_a_word_on_why_and_a_note_erased(
    house: House, request_: ReviewRequest
) -> None:
    post(
        house,
        "milo",
        path(request_, "discuss/"),
        {"kind": "must_fix", "about": "harmed", "text": "Ask them."},
    )
    found = Comment.objects.get()
    settle, reopen = (path(request_, f"comments/{found.pk}/{act}/") for act in ("settle", "reopen"))
    assert "Resolve the finding" not in get(house, "ravi", path(request_))
    assert "Resolve the finding" in get(house, "chloe", path(request_))
    for name, status in (("ravi", 403), ("sena", 403), ("rex", 403), ("ugo", 404)):
        post(house, name, settle, {"why": "Done."}, status)
    post(house, "milo", settle)
    found.refresh_from_db()
    assert found.settled_at is None, "without a word on why"
    post(house, "milo", settle, {"why": "They were asked."})
    html = words(get(house, "ravi", path(request_)))
    assert "Must fix: resolved" in html
    assert "They were asked." in html
    assert "must be fixed" not in html
    post(house, "chloe", reopen, {"why": "Not all."})
    assert "Must fix: resolved" not in words(get(house, "ravi", path(request_)))
    post(
        house,
        "milo",
        path(request_, "discuss/"),
        {"kind": "private", "about": "harmed", "text": "Mine alone."},
    )
    note = Note.objects.get()
    assert "Mine alone." in get(house, "milo", path(request_))
    assert "Mine alone." not in get(house, "chloe", path(request_))
    post(house, "chloe", path(request_, f"notes/{note.pk}/erase/"), status=404)
    post(house, "milo", path(request_, f"notes/{note.pk}/erase/"))
    assert not Note.objects.exists()


def test_who_may_read_it_is_offered_after_an_at_sign_and_a_text_is_shown_before(
    house: House, request_: ReviewRequest
) -> None:
    def offered(name: str, query: str) -> list[str]:
        response = client_of(house, name).get(path(request_, f"discuss/people/?{query}"))
        return [person["name"] for person in response.json()["people"]] if response.status_code == 200 else []

    assert offered("milo", "q=ch&for=board") == ["Chloe Chair"]
    assert "Ravi Requester" not in offered("milo", "q=&for=board")
    assert offered("milo", "q=rav&for=everyone") == ["Ravi Requester"]
    assert offered("milo", "q=rex&for=everyone") == []
    assert offered("lex", "q=&for=privileged") == ["Lex Legal"]
    assert offered("ravi", "q=&for=board") == offered("rex", "q=&for=everyone") == []
    asked = client_of(house, "ravi").get(path(request_, "discuss/people/?q=&for=everyone")).json()["people"]
    assert {person["email"] for person in asked} == {""}, "addresses are for administrators"
    assert offered("ravi", "q=milo.member@&for=everyone") == []
    User.objects.filter(pk=house.mara.pk).update(display_name="Milo Member")
    twice = client_of(house, "chloe").get(path(request_, "discuss/people/?q=milo&for=board")).json()["people"]
    assert {person["email"] for person in twice} == {house.milo.email, house.mara.email}
    shown = post(house, "milo", path(request_, "discuss/preview/"), {"text": "**bold** <script>"}, 200)
    assert "<strong>bold</strong> &lt;script&gt;" in shown.content.decode()


def test_open_findings_are_told_before_a_ballot_to_approve_and_stop_it_where_the_policy_says_so() -> None:
    house = a_house({**POLICY, "open_findings_block": True})
    request = in_review(house, ("safety", "ethics"))
    for review in (house.ethics_review(request), house.safety_review(request)):
        find_fault(actor=house.mara, review_id=review.pk, finding="must_fix", text="First this.", now=NOW)
    approve, sent_back = (
        a_motion(house, house.ethics_review(request)),
        a_motion(house, house.ethics_review(request), "return"),
    )
    page = words(get(house, "sena", path(request, f"motions/{approve.pk}/ballot/")))
    assert "2 findings that must be fixed are open." in page
    assert "1 finding of this board that must be fixed is open." in page
    assert "must be fixed" not in words(get(house, "sena", path(request, f"motions/{sent_back.pk}/ballot/")))
    Comment.objects.update(settled_at=NOW, settled_by=house.chloe)
    assert "must be fixed" not in words(get(house, "sena", path(request, f"motions/{approve.pk}/ballot/")))


@pytest.mark.engine("postgresql")
def test_a_reason_with_a_character_that_no_database_keeps_is_refused_and_nothing_changes(
    house: House, request_: ReviewRequest
) -> None:
    thread = comment_on_answer(actor=house.milo, request_id=request_.pk, text="Which one?", now=NOW)
    sent = post(house, "milo", path(request_, f"comments/{thread.pk}/settle/"), {"why": "a\0b"}, 400)
    assert "could not be read" in sent.content.decode()
    thread.refresh_from_db()
    assert thread.settled_at is None
