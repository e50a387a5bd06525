"""The whole story in its order: every step of the year, by the moment at which it happened."""

from collections.abc import Callable, Iterator
from datetime import datetime

from desk.sample import after, deciding, dossiers, judging, panels
from desk.sample.applicability import decisions
from desk.sample.audits import audits
from desk.sample.calendar import StoryCalendar
from desk.sample.checklists import libraries, readiness, year
from desk.sample.clocks import clocks
from desk.sample.content_files import Data, requests
from desk.sample.interests import interests
from desk.sample.letters import letters
from desk.sample.meetings import meetings
from desk.sample.organisation import founding
from desk.sample.world import Act, Step

SINGLE: dict[str, Callable[[Data, Data], Act]] = {
    "draft": dossiers.draft,
    "answers": dossiers.answers,
    "submit": dossiers.submit,
    "withdraw": dossiers.withdraw,
    "accept": dossiers.accept,
    "route": dossiers.route,
    "comment": judging.comment,
    "find": judging.find,
    "resolve": judging.resolve,
    "note": judging.note,
    "ask": judging.ask,
    "answer": judging.answer,
    "deliberate": judging.deliberate,
    "doubt": judging.doubt,
    "exempt": judging.exempt,
    "sign": deciding.sign,
    "report": deciding.report,
    "verify": deciding.verify,
    "release": deciding.release,
    "suspend": deciding.suspend,
    "expire": deciding.expire,
    "continuing": after.continuing,
    "continuing_report": after.continuing_report,
    "renew": after.renew,
    "incident": after.incident,
    "classify": after.classify,
    "file_incident": after.file_incident,
    "experts": panels.experts,
    "appeal": panels.appeal,
    "appeal_panel": panels.appeal_panel,
}
SEVERAL = {"motion": judging.motion, "ballot": judging.ballot}


def story(today: datetime) -> list[Step]:
    """Return every step, in the order of the story; of one moment, in the order of the data."""
    calendar = StoryCalendar(today.date())
    steps = [
        libraries(calendar),
        *founding(calendar),
        *readiness(calendar),
        *year(calendar),
        *decisions(calendar),
        *audits(calendar),
        *clocks(calendar),
        *interests(calendar),
        *letters(calendar),
        *meetings(calendar),
    ]
    for request in requests():
        steps += _course(request, calendar)
    return sorted(steps, key=lambda step: step.at)


def _course(request: Data, calendar: StoryCalendar) -> Iterator[Step]:
    """Yield the steps of one request."""
    for number, step in enumerate(request["course"], 1):
        name = f"request/{request['key']}/{number:02}-{step['do']}"
        if step["do"] in SEVERAL:
            yield from SEVERAL[step["do"]](request, step, calendar, name)
        else:
            act = SINGLE[step["do"]](request, step)
            yield Step(calendar.moment(step["at"]), name, act, counts=step["do"] == "draft")
