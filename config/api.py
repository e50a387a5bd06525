"""The API under /api/v1: its rooms, app by app, and its description."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from accounts.api import me, people
from accounts.api.bodies import ReadAlready
from accounts.api.describing import with_examples
from accounts.api.problems import answer_of
from compliance.api.rooms import ROOMS as COMPLIANCE
from desk.api import running, searching, work
from oversight.api import engaging, exporting, log, log_state, taking
from records.api import certificates, records, verifying
from registry.api import models, projects
from reminders.api import inbox
from reviews.api import (
    after,
    away,
    ballots,
    board_reviews,
    boards,
    cards,
    chasing,
    clocks,
    conditions,
    dates,
    disclosing,
    discussion,
    dossier,
    figures,
    following,
    grants,
    histories,
    incidents,
    letter_texts,
    meeting_agenda,
    meeting_items,
    meeting_papers,
    meeting_planning,
    meeting_room,
    meeting_series,
    meetings,
    minutes,
    minutes_writing,
    panels,
    papers,
    procedures,
    proposing,
    question_drafts,
    questionnaires,
    readers,
    requests,
    standing_boards,
    steering,
    triage_proposals,
    triage_rules,
    working_days,
)
from webhooks.api import deliveries, endpoints

VERSION = "1.0.0"
ROOMS = (
    me.room, projects.room, models.room, requests.room, histories.room, dates.room, clocks.room, dossier.room,
    cards.room, proposing.room, questionnaires.room, question_drafts.room, triage_proposals.room, steering.room,
    disclosing.room, triage_rules.room, procedures.room, discussion.room, standing_boards.room, grants.room,
    working_days.room, boards.room, board_reviews.room, ballots.room, readers.room, meetings.room,
    meeting_planning.room, meeting_series.room, meeting_agenda.room, meeting_room.room, meeting_items.room,
    minutes.room, minutes_writing.room, meeting_papers.room, away.room, after.room, panels.room, conditions.room,
    papers.room, letter_texts.room, following.room, incidents.room, searching.room,
    records.room, work.room, chasing.room, inbox.room, engaging.room,
    exporting.room, log.room, log_state.room, taking.room, figures.room, people.room, verifying.room,
    certificates.room, endpoints.room, deliveries.room, running.room,
    *COMPLIANCE,
)  # fmt: skip
_ABOUT = """\
What the pages do, for programs: the same rules, and the same reasons when something is refused.

A **token** stands in the header `Authorization: Bearer imp_…`. It acts for the person who made it, never beyond what
they may, and only within its scopes. Sessions and cookies open nothing here. Nobody signs with a token.

**Problems** are told as RFC 9457, with a stable `code`, in the language of `Accept-Language` or of the person.
**Lists** come in pages by a cursor: send `next` as `after`. A **POST** with an `Idempotency-Key` acts once. Moments
are in UTC.
"""


def told_as_problem(request: HttpRequest, fault: Exception | type[Exception]) -> HttpResponse:
    """Return the answer to an exception of an operation."""
    assert isinstance(fault, Exception)
    return answer_of(request, fault)


class Api(NinjaAPI):
    """Describes itself with examples and problems."""

    def get_openapi_schema(self, **given: Any) -> Any:  # noqa: ANN401  (ninja's)
        """Return the description, in English whoever asks."""
        with translation.override("en"):
            return with_examples(super().get_openapi_schema(**given))


api = Api(
    title="Imprimatur", version=VERSION, description=_ABOUT, urls_namespace="api", docs_url=None, openapi_url=None,
    parser=ReadAlready(),
)  # fmt: skip
for fault in (Exception, Http404, HttpError, ValidationError):  # those that ninja would answer itself
    api.add_exception_handler(fault, told_as_problem)
for room in ROOMS:
    api.add_router("", room.router)
