"""The page of a request: what each person sees and may do, in at most fifteen queries."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from reviews.models import Comment, ReviewRequest
from reviews.selectors.revisions import content_of
from reviews.services.blocks import raise_block
from reviews.services.boards import set_policy
from reviews.services.discussing import comment_on_answer
from reviews.services.motions import ConditionDraft, move_motion
from reviews.services.positions import take_position
from reviews.services.reading import answer_question, ask_question
from reviews.services.submission import submit_revision
from reviews.services.suspending import suspend_approval
from tests.boardrooms import POLICY, House, a_ballot, a_house, a_motion, approved, decided, in_review, vote
from tests.dossiers import NOW, a_version, fill, submitted
from tests.reviews.pages.visits import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_house")]

MaxQueries = Callable[..., Any]


@pytest.fixture
def house() -> House:
    return a_house()


def page(house: House, name: str, request: ReviewRequest, part: str = "", status: int = 200) -> str:
    """Return the page as this person gets it."""
    client = Client()
    client.force_login(house.people[name])
    response = client.get(f"/requests/{request.reference}/{part}")
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def text_of(html: str) -> str:
    """Return the words of a page, without tags and with single blanks."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def revise(house: House, request: ReviewRequest, answer: str, *, now: Any = NOW + timedelta(hours=5)) -> None:
    """Submit a second revision in which one answer differs."""
    fill(request, house.ravi, {"harmed": answer}, now=now)
    submit_revision(actor=house.ravi, request_id=request.pk, now=now, why="The survey is in.")


def talk(house: House, request: ReviewRequest) -> None:
    """Let members and requester write five hundred comments, three of four in reply, all over the dossier."""
    revision = request.revisions.get()
    keys = [answer["question"] for answer in content_of(revision)["answers"]]
    review = house.ethics_review(request)
    fields: dict[str, Any] = {"request": request, "revision": revision, "made_at": NOW}
    threads = Comment.objects.bulk_create(
        Comment(
            **fields, review=review, question_key=keys[place % len(keys)], quote="looked into" if place % 3 else "",
            audience="everyone" if place % 2 else "board", text=f"Remark **{place}**", author=house.milo,
        )
        for place in range(125)
    )  # fmt: skip
    Comment.objects.bulk_create(
        Comment(**fields, review=review if turn else None, question_key=thread.question_key, answers=thread,
                audience=thread.audience, text="Done.", author=house.mara if turn else house.ravi)
        for thread in threads for turn in range(3)
    )  # fmt: skip


def counted(name: str, house: House, request: ReviewRequest, limit: MaxQueries, part: str = "") -> None:
    client = Client()
    client.force_login(house.people[name])
    with limit(15):
        assert client.get(f"/requests/{request.reference}/{part}").status_code == 200


def test_a_page_with_five_hundred_comments_takes_at_most_fifteen_queries_for_whoever_reads_it(
    house: House, django_assert_max_num_queries: MaxQueries
) -> None:
    request = in_review(house, ("ethics", "safety"))
    asked = house.ethics_review(request)
    ask_question(actor=house.lena, review_id=asked.pk, text="Who was heard?", now=NOW, question_key="harmed")
    talk(house, request)
    safety = house.safety_review(request)
    take_position(actor=house.mara, review_id=safety.pk, position="for", reason="It holds.", now=NOW)
    revise(house, request, "Both groups were heard.")
    a_motion(house, house.safety_review(request), mover="sid", now=NOW)
    ballot = a_ballot(house, house.ethics_review(request))
    vote(house, ballot, "milo")
    for name in ("ravi", "chloe", "milo", "rex", "sena", "lex", "sid"):
        counted(name, house, request, django_assert_max_num_queries)
    for part in (
        "history/", "compare/?from=1&to=2", "boards/ethics/", "boards/safety/", f"ballots/{ballot.number}/", "similar/",
        "discuss/", "interests/", "readiness/", "boards/ethics/position/",
    ):  # fmt: skip
        counted("milo", house, request, django_assert_max_num_queries, part)
    milo = client_of(house, "milo")
    with django_assert_max_num_queries(15):
        talk_part = milo.get(
            f"/requests/{request.reference}/", headers={"HX-Request": "true", "HX-Target": "talk-harmed"}
        )
    assert 'id="talk-harmed"' in talk_part.content.decode()
    assert talk_part.content.decode().count('class="talk') == 1


def test_so_does_the_page_of_a_decided_and_of_an_approved_request(
    house: House, django_assert_max_num_queries: MaxQueries
) -> None:
    with_conditions: dict[str, Any] = {"kind": "approve_with_conditions", "conditions": [a_condition(house)]}
    request = in_review(house)
    decided(house, request, **with_conditions)
    other = in_review(house, version=a_version(house.ravi, number="2.2"))
    decision = approved(house, other, **with_conditions)
    for name in ("ravi", "chloe", "lex", "sena"):
        counted(name, house, request, django_assert_max_num_queries)
        counted(name, house, other, django_assert_max_num_queries)
    counted("rita", house, other, django_assert_max_num_queries)
    suspend_approval(actor=house.lex, decision_id=decision.pk, reason="A leak.", now=NOW)
    for name in ("ravi", "chloe", "lex", "sena", "rita"):
        counted(name, house, other, django_assert_max_num_queries)


def a_condition(house: House) -> ConditionDraft:
    return ConditionDraft("Test again.", house.ravi.pk, NOW.date() + timedelta(days=90), house.sid.pk, True)


def test_the_next_step_of_a_member_is_their_vote_and_of_others_it_is_not(house: House) -> None:
    request = in_review(house)
    ballot = a_ballot(house, house.ethics_review(request))
    address = f"/requests/{request.reference}/ballots/{ballot.number}/"
    assert f'class="btn primary big" href="{address}"' in page(house, "milo", request)
    for name in ("ravi", "rex", "lex", "sena"):
        assert "Vote on revision 1" not in page(house, name, request)
    vote(house, ballot, "milo")
    assert "Vote on revision 1" not in page(house, "milo", request)


def test_a_locked_step_says_why(house: House) -> None:
    request = in_review(house)
    a_ballot(house, house.ethics_review(request))
    recused = text_of(page(house, "rex", request))
    assert "Vote for Ethics board" in recused
    assert "You are the line manager of somebody who works on this request" in recused
    member = text_of(page(house, "milo", request))
    assert "Not yet: these boards have not closed: Ethics board." in member
    motion = move_motion(actor=house.sid, review_id=house.safety_review(other_with_safety(house)).pk, kind="approve",
                         text="Approve it.", now=NOW)  # fmt: skip
    chair = text_of(page(house, "sena", motion.review.request))
    assert "The motion has no seconder yet." in chair


def other_with_safety(house: House) -> ReviewRequest:
    return in_review(house, ("safety",), version=a_version(house.ravi, number="3.0"))


def test_the_count_is_written_out_with_quorum_composition_and_threshold(house: House) -> None:
    request = in_review(house)
    ballot = a_ballot(house, house.ethics_review(request), absent=["mara"])
    vote(house, ballot, "milo")
    words = text_of(page(house, "chloe", request))
    assert "3 of 5, needs 3 met" in words
    assert "Lay or external 1, needs 1 met" in words
    assert "1 for; more than 1/2 of 3 present is 2" in words
    assert "Mara Member, expert: absent" in words
    assert "Rex Recused, external: recused" in words
    assert "%" not in words.split("Quorum", 1)[1].split("Dossier", 1)[0]


@pytest.mark.parametrize("name", ["rex", "ravi"])
def test_who_is_recused_or_asks_sees_no_positions_and_no_blocks(house: House, name: str) -> None:
    request = in_review(house, ("ethics", "safety"))
    review = house.ethics_review(request)
    raise_block(actor=house.lena, review_id=review.pk, text="I block for the night crews.", now=NOW)
    take_position(
        actor=house.mara,
        review_id=house.safety_review(request).pk,
        position="against",
        reason="Thin.",
        now=NOW,
    )
    comment_on_answer(
        actor=house.milo, request_id=request.pk, text="Among us: weak.", now=NOW, question_key="harmed"
    )
    ballot = a_ballot(house, review)
    vote(house, ballot, "milo", reason="Milo's own reason")
    html = page(house, name, request)
    for secret in ("night crews", "Thin.", "Among us", "Milo Member: for", "blocking", "1 for;"):
        assert secret not in html
    assert "Balloting" in html
    for part in (f"ballots/{ballot.number}/", "boards/ethics/"):
        page(house, name, request, part, status=403)
    history = page(house, name, request, "history/")
    assert "Milo&#x27;s own reason" not in history
    assert "vote.cast" not in history
    assert "vote.cast" in page(house, "chloe", request, "history/")


def test_a_reason_of_a_recusal_stays_private_in_the_story(house: House) -> None:
    request = in_review(house)
    client = Client()
    client.force_login(house.lena)
    sent = client.post(
        f"/requests/{request.reference}/interests/recuse/",
        {"kind": "personal", "text": "My sister works there."},
    )
    assert sent.status_code == 302
    for name in ("chloe", "sena", "milo"):
        assert "My sister" not in page(house, name, request, "history/")
        assert "Lena Lay" in page(house, name, request, "interests/")
        assert "My sister" not in page(house, name, request, "interests/")


@pytest.mark.parametrize(
    "part", ["", "history/", "readiness/", "discuss/", "interests/", "sign/", "boards/ethics/"]
)
def test_an_outsider_finds_nothing_and_a_visitor_signs_in(house: House, part: str) -> None:
    request = in_review(house)
    page(house, "ugo", request, part, status=404)
    response = Client().get(f"/requests/{request.reference}/{part}")
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


def test_what_changed_is_shown_word_by_word_and_the_rest_is_folded(house: House) -> None:
    request = in_review(house, answers={"harmed": "Drivers were heard through one works council."})
    assert "<ins>" not in page(house, "chloe", request)
    revise(house, request, "Drivers were heard through two works councils and a survey.")
    html = page(house, "chloe", request)
    assert (
        "through <del>one</del><ins>two</ins> works <del>council</del><ins>councils and a survey</ins>."
        in html
    )
    assert "1 of " in text_of(html)
    assert "Changed in revision 2 +5 −2 words" in text_of(html)
    assert re.search(r"answers unchanged", html)
    clean = page(house, "chloe", request, "?show=clean")
    assert "<ins>" not in clean
    assert "<del>" not in clean
    assert "answers unchanged" not in clean


def test_a_discussion_stands_beside_its_passage_and_an_open_one_keeps_its_answer_unfolded(
    house: House,
) -> None:
    request = in_review(house, answers={"harmed": "Drivers were heard through one works council."})
    comment_on_answer(
        actor=house.milo, request_id=request.pk, text="Which one?", now=NOW, question_key="harmed",
        quote="one works council", audience="everyone",
    )  # fmt: skip
    html = page(house, "chloe", request)
    assert '<mark class="live">one works council</mark><a class="pinno live"' in html
    assert "“one works council”" in html
    assert "Which one?" in page(house, "ravi", request)


def test_an_open_question_pauses_the_clock_and_is_the_next_step_of_the_requester(house: House) -> None:
    request = in_review(house)
    question = ask_question(
        actor=house.milo,
        review_id=house.ethics_review(request).pk,
        text="Who was heard?",
        now=NOW,
        question_key="harmed",
    )
    requester = text_of(page(house, "ravi", request))
    assert "Milo Member asks about the dossier; the clock stands until you answer." in requester
    assert "clock paused since" in requester
    assert "Answer the question" not in text_of(page(house, "chloe", request))
    answer_question(actor=house.ravi, question_id=question.pk, text="Both groups.", now=NOW)
    assert "clock paused" not in text_of(page(house, "ravi", request))


def test_people_and_their_texts_are_escaped(house: House) -> None:
    request = in_review(house, answers={"harmed": "<script>alert(1)</script> one <b>bold</b> claim"})
    comment_on_answer(
        actor=house.milo, request_id=request.pk, text="<img src=x onerror=alert(2)>", now=NOW, question_key="harmed",
        quote="one <b>bold</b> claim",
    )  # fmt: skip
    html = page(house, "chloe", request)
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "<b>bold</b> claim</mark>" not in html


def test_a_decided_request_shows_decision_record_and_conditions_to_the_requester(house: House) -> None:
    request = in_review(house)
    decision = decided(house, request)
    words = text_of(page(house, "ravi", request))
    assert "Decision 1" in words
    assert "The decision waits for its signatures." in words
    assert "Sign the decision" not in words
    assert "Sign the decision" in text_of(page(house, "lex", request))
    assert decision.record is not None
    assert decision.record.context_sha256[:4] in words


def test_a_submitted_request_is_shown_before_any_board_has_it(house: House) -> None:
    request = submitted(house.ravi).request
    assert "Check the dossier" in text_of(page(house, "sena", request))
    assert "The secretary checks whether the dossier is complete." in text_of(page(house, "ravi", request))


def test_what_is_missing_for_the_version_is_named_live(house: House) -> None:
    request = in_review(house)
    assert "No board asks for a checklist." in page(house, "milo", request, "readiness/")
    set_policy(actor=house.ada, board_id=house.boards["ethics"].pk, content={**POLICY, "gates": ["no-such-list"]},
               reason="A test.", now=NOW)  # fmt: skip
    words = text_of(page(house, "milo", request, "readiness/"))
    assert "missing no-such-list" in words
