"""Steps about letters and papers: a text of the laboratory's own, a translation; letters issued at their time."""

from collections.abc import Iterator
from datetime import datetime

from desk.sample.calendar import StoryCalendar
from desk.sample.world import Act, Step, World, speaking
from records.context import Language
from reviews.models import Letter
from reviews.rules.letter_kinds import LetterKind
from reviews.selectors.letters.texts import shipped
from reviews.services.letter_texts import change_text
from reviews.services.letters import freeze_letter, translate_letter
from reviews.services.papers import ask_for_papers

OWN: dict[Language, tuple[str, str]] = {
    "en": ("{gaps}\n", "{gaps}\n\nThe office of the boards helps with every point: come by, or write.\n"),
    "zh-hans": ("{gaps}\n", "{gaps}\n\n对任何一点有疑问，请联系委员会办公室。\n"),
}


def letters(calendar: StoryCalendar) -> Iterator[Step]:
    """Yield the steps: the notice of gaps in own words, a decision letter translated, papers of the next meeting."""
    for minute, language in enumerate(OWN):
        yield Step(calendar.moment(f"-300 09:1{minute}"), f"letter-text/{language}", _own(language))
    yield Step(calendar.moment("-3 15:00"), "letter/translated", _translated)
    yield Step(calendar.moment("-1 18:10"), "papers/second", _papers)


def issue_letters(now: datetime) -> None:
    """Issue what the step wrote, as the worker would at that moment."""
    for letter in Letter.objects.filter(record=None).order_by("id").values_list("pk", flat=True):
        freeze_letter(letter_id=letter, now=now)


def _own(language: Language) -> Act:
    before, after = OWN[language]
    content = shipped(LetterKind.GAPS, language).content.replace(before, after)

    def act(world: World, now: datetime) -> None:
        with speaking(world.person("petra")) as actor:
            change_text(
                actor=actor, kind=LetterKind.GAPS, language=language, content=content, base=0,
                reason="Nobody should be left alone with a list of gaps.", now=now,
            )  # fmt: skip

    return act


def _translated(_world: World, now: datetime) -> None:
    """Let the requester of the first approval have its letter in the other language."""
    found = Letter.objects.filter(kind="approved_with_conditions").select_related("request__requester")
    letter = found.earliest("id")
    language: Language = "zh-hans" if letter.language == "en" else "en"
    with speaking(letter.request.requester) as actor:
        translate_letter(actor=actor, letter_id=letter.pk, language=language, now=now)
    issue_letters(now)


def _papers(world: World, now: datetime) -> None:
    """Have the papers of the next meeting put together, for who sees all of its items."""
    if world.has("meeting:second"):
        with speaking(world.person("noor")) as actor:
            ask_for_papers(actor=actor, meeting_id=world.id("meeting:second"), language="en", now=now)
