"""The questions of dossiers, as data."""

from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Field

from accounts.api.fields import Out
from accounts.api.rooms import Room
from accounts.rules.scopes import Scope
from reviews.api.requests import Reference, answered, found_request
from reviews.api.told import RequestOut
from reviews.selectors.questionnaires import UnknownQuestionnaire, content_of, in_use
from reviews.services.renewing import renew_questions

room = Room("Dossiers")


class QuestionnaireOut(Out):
    """A version of the questions, in the shape of its file; it never changes."""

    version: str = Field(examples=["2026-2"])
    content: dict[str, Any] = Field(examples=[{"version": "2026-2", "topics": []}])


@room.get("/questionnaires/in-use", QuestionnaireOut, Scope.REQUESTS_READ)
def read_questionnaire_in_use(request: HttpRequest) -> QuestionnaireOut:  # noqa: ARG001
    """Read the questions that new requests answer."""
    return _told(in_use().version)


@room.get("/questionnaires/{version}", QuestionnaireOut, Scope.REQUESTS_READ)
def read_questionnaire(
    request: HttpRequest,  # noqa: ARG001
    version: Annotated[str, Field(max_length=20, examples=["2026-2"])],
) -> QuestionnaireOut:
    """Read a version of the questions."""
    return _told(version)


@room.post("/requests/{reference}/questionnaire/renewal", RequestOut, Scope.REQUESTS_WRITE, takes=None)
def renew_questionnaire(request: HttpRequest, reference: Reference) -> RequestOut:
    """Let a draft be asked the present questions; answers that fit no more are emptied."""
    user, found, now = found_request(request, reference)
    renew_questions(actor=user, request_id=found.pk, now=now)
    return answered(user, reference, now)


def _told(version: str) -> QuestionnaireOut:
    try:
        return QuestionnaireOut(version=version, content=content_of(version))
    except UnknownQuestionnaire:
        raise Http404 from None
