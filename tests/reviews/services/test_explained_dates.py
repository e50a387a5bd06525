"""Each date says how it came about: its term and where that comes from, days left out, pauses, moves."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.http import Http404

from reminders import waiting
from reminders.delivery import deliver
from reminders.models import Message, Reminder
from reminders.planner import plan
from reviews.models import Question, Reckoning, ReviewRequest
from reviews.rules.explaining import DateKind
from reviews.selectors.changed_dates import changed_of
from reviews.selectors.dated import find, running_of
from reviews.selectors.explained import explain
from reviews.selectors.explanation_words import as_text, in_words
from reviews.selectors.waiting.why import paragraph
from reviews.services.deadlines import move_date
from reviews.services.motions import ConditionDraft
from reviews.services.reading import answer_question, ask_question
from reviews.services.working_days import place_board
from tests.boardrooms import House, a_house, approved, in_review
from tests.closed_days import closed
from tests.dossiers import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]
DAY = timedelta(days=1)


@pytest.fixture
def house() -> House:
    return a_house()


@pytest.fixture
def request_(house: House) -> ReviewRequest:
    return in_review(house)


def asked(house: House, request: ReviewRequest) -> Question:
    review = house.ethics_review(request)
    return ask_question(actor=house.milo, review_id=review.pk, text="Which sources?", now=NOW)


def test_a_date_that_somebody_moved_stays_where_it_was_moved_to(
    house: House, request_: ReviewRequest
) -> None:
    question = asked(house, request_)
    move_date(
        actor=house.sena, request_id=request_.pk, kind="question", key=question.pk, day=date(2027, 1, 15), at=None,
        reason="The files are large.", now=NOW,
    )  # fmt: skip
    closed(house, question.due_at.date() - DAY, question.due_at.date())
    assert changed_of([house.boards["ethics"]], NOW) == []
    text = as_text(explain(find("question", request_, question.pk), NOW))
    assert "Sena Secretary moved it" in text
    assert "The files are large." in text
    assert "So it is due Fri 15 Jan 2027, 17:00." in text


def test_a_date_is_explained_by_its_term_its_source_and_the_days_that_did_not_count(
    house: House, request_: ReviewRequest
) -> None:
    place_board(
        actor=house.ada, board_id=house.boards["ethics"].pk, country="CN", subdivision="", time_zone="Asia/Shanghai",
        reason="It moved.", now=NOW,
    )  # fmt: skip
    start = datetime(2026, 9, 28, 2, tzinfo=UTC)
    question = ask_question(
        actor=house.milo, review_id=house.ethics_review(request_).pk, text="Which sources?", now=start
    )
    words = in_words(explain(find("question", request_, question.pk), start), "Ethics board")
    assert words.lines[0] == "It runs from Mon 28 Sep 2026, 02:00, when the question was asked."
    assert words.lines[1] == "The term is 20 working days."
    assert "Days off are those of Mainland China" in words.lines[4]
    assert "1 Oct 2026 to 3 Oct 2026: National Day" in words.days
    assert "10 Oct 2026 counted: worked in exchange for a holiday" in words.days
    assert "where the board counts (Asia/Shanghai)" in words.lines[-1]
    assert words.differs == ""
    kept = Reckoning.objects.get(object_type="reviews.question", object_id=question.pk)
    assert (kept.count, kept.unit, kept.calendar["country"]) == (20, "working_days", "CN")


def test_dates_of_the_request_itself_are_found_and_explained(house: House, request_: ReviewRequest) -> None:
    for kind in ("completeness", "routing"):
        dated = find(kind, request_, request_.pk)
        assert "It runs from" in as_text(explain(dated, NOW))
        with pytest.raises(Http404):
            find(kind, request_, request_.pk + 1)


def test_pauses_move_a_review_by_one_rule_and_stand_in_its_explanation(
    house: House, request_: ReviewRequest
) -> None:
    review = house.ethics_review(request_)
    due = review.due_at
    for hour in (0, 3, 6):
        question = ask_question(
            actor=house.milo, review_id=review.pk, text="And this?", now=NOW + timedelta(hours=hour)
        )
        answer_question(
            actor=house.ravi, question_id=question.pk, text="This.", now=NOW + timedelta(hours=hour + 1)
        )
    review.refresh_from_db()
    assert review.due_at.time() == due.time(), "it ends with a day of work"
    assert review.due_at - due <= 3 * DAY, "three hours don't move it by three working days"
    assert review.due_at > due
    text = as_text(explain(find("review", request_, review.pk), NOW + DAY))
    assert "All pauses together: 3 hours." in text
    open_one = ask_question(actor=house.milo, review_id=review.pk, text="Once more?", now=NOW + DAY)
    standing = as_text(explain(find("review", request_, review.pk), NOW + 3 * DAY))
    assert "The clock stands since" in standing
    assert "If the clock ran again now" in standing
    assert open_one.is_open


def test_my_work_and_the_mail_of_a_reminder_say_how_the_date_came_about(
    house: House, request_: ReviewRequest
) -> None:
    question = asked(house, request_)
    (item,) = waiting.get("review.question").ask(NOW, frozenset({house.ravi.pk}))
    assert item.why == f"/requests/{request_.reference}/dates/question/{question.pk}/why/"
    plan(question.due_at - 2 * DAY)
    deliver(
        list(Reminder.objects.filter(kind="review.question").values_list("pk", flat=True)),
        question.due_at - DAY,
    )
    body = Message.objects.get(kind="review.question", person=house.ravi).body
    assert "The term is 20 working days." in body
    assert "It runs from" in body
    assert item.explain is not None
    assert paragraph(DateKind.QUESTION, request_, 10**6, NOW) == "", "what is gone has nothing to explain"


def test_dates_after_the_decision_follow_from_settings_conditions_and_choices(house: House) -> None:
    draft = ConditionDraft("Name it.", house.ravi.pk, date(2027, 3, 1), house.lena.pk, blocks_release=False)
    decision = approved(house, in_review(house), kind="approve_with_conditions", conditions=[draft])
    request = decision.request

    def told(kind: str, key: int) -> str:
        return as_text(explain(find(kind, request, key), NOW), "Ethics board")

    assert "months for which an approval holds: 12." in told("expiry", decision.pk)
    assert "days within which it can be appealed: 28." in told("appeal_until", decision.pk)
    assert "It is set by the policy of Ethics board, version 1." in told("expiry", decision.pk)
    assert "the motion that the board passed" in told("condition", decision.conditions.get().pk)
    assert "The term is 5 working days." in told("signature", decision.pk)
    review = house.ethics_review(request)
    with pytest.raises(Http404):
        find("condition", request, 10**6)
    running = running_of([house.boards["ethics"]], [DateKind.REVIEW, DateKind.CONDITION])
    assert [dated.kind for dated in running] == ["condition"]
    assert review.state == "closed"
