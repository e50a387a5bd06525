"""Findings, passages over revisions, mentions, and calling a thread settled or taking it up again."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from audit.refusal import IllegalTransition, Refused
from reminders.models import Message
from reviews.models import Comment, Question, ReviewRequest
from reviews.permissions.sight import visible_to, why_not_see_deliberation
from reviews.selectors.readers import readers_of
from reviews.services.discussing import comment_on_answer, find_fault, reopen_comment, settle_comment
from reviews.services.passages import UnclearPassage
from reviews.services.reading import ask_question
from reviews.services.submission import submit_revision
from tests.boardrooms import House, a_house, in_review, verbs_about
from tests.dossiers import NOW, fill

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines, pytest.mark.usefixtures("standing_house")]
LATER = NOW + timedelta(hours=3)
ANSWER = "Both works councils were heard.\n\nNight crews were not asked. Night crews come later."


@pytest.fixture
def house() -> House:
    return a_house()


@pytest.fixture
def request_(house: House) -> ReviewRequest:
    return in_review(house, ("ethics", "safety"), answers={"harmed": ANSWER})


def revise(house: House, request: ReviewRequest, answer: str, hours: int = 5) -> None:
    now = NOW + timedelta(hours=hours)
    fill(request, house.ravi, {"harmed": answer}, now=now)
    submit_revision(actor=house.ravi, request_id=request.pk, now=now, why="As asked.")


def finding(
    house: House, request: ReviewRequest, name: str = "milo", kind: str = "must_fix", **given: Any
) -> Comment:
    return find_fault(
        actor=house.people[name], review_id=house.ethics_review(request).pk, finding=kind, now=NOW,
        **{"text": "Ask them.", "question_key": "harmed", "quote": "Night crews were not asked"} | given,
    )  # fmt: skip


def test_a_finding_is_open_until_its_finder_or_the_chair_of_the_board_resolves_it_and_says_why(
    house: House, request_: ReviewRequest
) -> None:
    for name in ("ravi", "rex", "sena", "lex", "sid"):
        with pytest.raises(PermissionDenied):
            finding(house, request_, name)
    found = finding(house, request_)
    assert (found.audience, found.review, found.finding) == (
        "everyone",
        house.ethics_review(request_),
        "must_fix",
    )
    given: dict[str, Any] = {"comment_id": found.pk, "now": LATER}
    for name in ("ravi", "mara", "sena", "sid", "lex", "rex"):
        with pytest.raises(PermissionDenied):
            settle_comment(actor=house.people[name], why="Done.", **given)
    with pytest.raises(Refused, match="why"):
        settle_comment(actor=house.milo, why=" ", **given)
    settle_comment(actor=house.chloe, why="They were asked.", **given)
    with pytest.raises(IllegalTransition):
        settle_comment(actor=house.milo, why="Again.", **given)
    with pytest.raises(Refused, match="why"):
        reopen_comment(actor=house.milo, **given)
    assert reopen_comment(actor=house.milo, why="Not all of them.", **given).settled_at is None
    assert list(found.replies.values_list("act", "text")) == [
        ("settled", "They were asked."), ("reopened", "Not all of them."),
    ]  # fmt: skip
    told = [verb for verb in verbs_about(request_) if verb.startswith(("finding", "comment"))]
    assert told == ["finding.made", "finding.resolved", "finding.reopened"]


def test_a_settled_thread_takes_replies_again_when_it_is_taken_up(
    house: House, request_: ReviewRequest
) -> None:
    thread = comment_on_answer(actor=house.milo, request_id=request_.pk, text="Thin.", now=NOW)
    settle_comment(actor=house.milo, comment_id=thread.pk, now=NOW)
    with pytest.raises(Refused, match="settled"):
        comment_on_answer(actor=house.mara, request_id=request_.pk, text="Still.", answers=thread.pk, now=NOW)
    for name in ("ravi", "rex"):
        with pytest.raises(Http404):
            reopen_comment(actor=house.people[name], comment_id=thread.pk, now=NOW)
    reopen_comment(actor=house.chloe, comment_id=thread.pk, now=NOW)
    comment_on_answer(actor=house.mara, request_id=request_.pk, text="Still.", answers=thread.pk, now=NOW)


def test_passages_go_along_are_edited_are_gone_and_come_back(house: House, request_: ReviewRequest) -> None:
    stays = finding(house, request_, quote="Both works councils")
    edited = finding(house, request_)
    review = house.ethics_review(request_)
    gone = ask_question(
        actor=house.lena,
        review_id=review.pk,
        text="When?",
        question_key="harmed",
        quote="come later",
        now=NOW,
    )
    whole = comment_on_answer(
        actor=house.milo, request_id=request_.pk, text="All.", question_key="harmed", now=NOW
    )
    now_it_reads = "Preface.\n\nBoth works councils were heard.\n\nNight crews were asked twice."
    revise(house, request_, now_it_reads)
    for row in (stays, edited, gone, whole):
        row.refresh_from_db()
    assert now_it_reads[stays.at or 0 :].startswith("Both works councils")
    assert (stays.passage, stays.edited_in, stays.gone_since) == ("Both works councils", None, None)
    assert (edited.quote, edited.passage) == ("Night crews were not asked", "Night crews were asked")
    assert (edited.edited_in, edited.gone_since, gone.gone_since) == (2, None, 2)
    assert (whole.at, whole.gone_since) == (None, None), "the answer as a whole has no passage to lose"
    revise(house, request_, f"{now_it_reads} Night crews come later.", 9)
    gone.refresh_from_db()
    assert (gone.gone_since, gone.passage) == (None, "come later")
    assert isinstance(gone, Question)


def test_words_must_stand_in_the_answer_and_several_places_are_told_apart(
    house: House, request_: ReviewRequest
) -> None:
    with pytest.raises(UnclearPassage, match="don't stand") as absent:
        finding(house, request_, quote="day crews")
    assert absent.value.places == ()
    with pytest.raises(UnclearPassage, match="2 times") as twice:
        finding(house, request_, quote="Night crews")
    assert [place.split("Night crews")[-1] for place in twice.value.places] == [
        " were not asked. Night crews come later."[: 0] or " come later.", " come later.",
    ]  # fmt: skip
    assert finding(house, request_, quote="Night crews", nth=1).at == ANSWER.rindex("Night crews")
    assert Comment.objects.count() == 1
    assert finding(house, request_, question_key="uses", quote="whatever").quote in ("", "whatever")


def test_who_is_named_is_told_once_and_nobody_else(house: House, request_: ReviewRequest) -> None:
    said: dict[str, Any] = {"actor": house.milo, "request_id": request_.pk, "now": NOW}
    comment_on_answer(
        text="@Chloe Chair and @chloe.chair@example.org: secret words", audience="board", **said
    )
    told = Message.objects.get(kind="discussion.mentioned")
    assert told.person == house.chloe
    assert "secret words" not in f"{told.subject} {told.body}"
    for text, audience in (
        ("@Ravi Requester", "board"),
        ("@Rex Recused", "everyone"),
        ("@Ugo Outsider", "everyone"),
    ):
        with pytest.raises(Refused, match="names nobody who may read this"):
            comment_on_answer(text=f"{text}, look", audience=audience, **said)
    comment_on_answer(text="@Ravi Requester, look", audience="everyone", **said)
    assert Message.objects.filter(kind="discussion.mentioned").count() == 2
    assert Comment.objects.count() == 2, "what was refused is not kept"


@pytest.mark.parametrize("audience", ["everyone", "board"])
def test_who_may_be_named_may_read_it(house: House, request_: ReviewRequest, audience: str) -> None:
    named = {person.pk for person in readers_of(request_, audience, NOW)}
    for person in house.people.values():
        seen = visible_to(person, NOW).filter(pk=request_.pk).first()
        if person.pk in named:
            assert seen is not None
            assert audience == "everyone" or why_not_see_deliberation(person, seen, NOW) is None
    everyone = {house.people[name].pk for name in ("chloe", "milo", "mara", "lena", "sid", "lex")}
    assert everyone <= named
    assert (house.ravi.pk in named) is (audience == "everyone")
    assert not named & {house.people[name].pk for name in ("rex", "ugo", "rita", "ada")}
