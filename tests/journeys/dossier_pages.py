"""Filling in a dossier on its pages, as a person does: topic by topic, in the order of the questionnaire."""

import re
from collections.abc import Mapping

from playwright.sync_api import FilePayload, expect

from imprimatur.dossier.questionnaire import Question, QuestionType
from reviews.selectors.questionnaires import current
from tests.journeys.visitor import Visitor

UPLOAD: FilePayload = {
    "name": "台账 ledger.csv",
    "mimeType": "text/csv",
    "buffer": b"source,licence\nharbour logs,CC-BY-4.0\n",
}


def fills_in(who: Visitor, answers: Mapping[str, str], topics: int) -> None:
    """Answer every required question of so many topics, from the page's on, and go on to the next one each time."""
    first = topic_number(who)
    for number, topic in enumerate(current().topics[first - 1 : first - 1 + topics], first):
        expect(who.page.locator("#topic-h")).to_have_text(re.compile(rf"^\s*{number}\b"), timeout=60_000)
        for question in topic.questions:
            if question.required and _is_asked(who, question):
                _answer(who, question, answers.get(question.key))
        with who.page.expect_navigation():
            who.page.locator('button[name="then"]').last.click()
        who.looks()


def topic_number(who: Visitor) -> int:
    """Return the number of the topic that the page shows."""
    return int(who.page.locator("#topic-h").inner_text().split()[0])


def _is_asked(who: Visitor, question: Question) -> bool:
    return who.page.locator(f"#q-{question.key}").count() > 0


def _answer(who: Visitor, question: Question, given: str | None) -> None:
    place = who.page.locator(f"#q-{question.key}")
    if question.type == QuestionType.FILE:
        place.locator('input[type="file"]').set_input_files([UPLOAD])
        place.get_by_role("link", name=UPLOAD["name"]).wait_for()
    elif question.type == QuestionType.ROWS:
        for column in question.columns:
            cell = place.locator(f'[data-column="{column.key}"]').first
            if not column.required or cell.input_value():
                continue
            if column.options:
                cell.select_option(column.options[0].code)
            else:
                cell.fill(f"{column.text.en} of this set")
    elif question.options:
        code = given or question.options[0].code
        place.locator(f'[name="a-{question.key}"][value="{code}"]').check()
    else:
        text = {QuestionType.NUMBER: "1", QuestionType.DATE: "2026-10-01"}.get(
            question.type, f"What **{question.number}** asks was looked into."
        )
        place.locator(f'[name="a-{question.key}"]').fill(given or text)
