"""Proposals of a dossier: what files and earlier dossiers say about its questions, taken or put away one by one."""

from django.http import Http404, HttpRequest
from ninja import Field

from accounts.api.fields import Id, In, Out, Whole
from accounts.api.problems import Code
from accounts.api.rooms import Room
from accounts.rules.scopes import Scope
from reviews.api.dossier import AnswerOut, QuestionKey, answer_out
from reviews.api.requests import Reference, found_request
from reviews.models import Proposal, ReviewRequest
from reviews.permissions.drafting import why_not_edit
from reviews.permissions.reasons import WrongPerson, require
from reviews.selectors.dossier import dossier_of
from reviews.selectors.questionnaires import questionnaire
from reviews.selectors.shown_proposals import shown_proposals
from reviews.services import proposals as services

room = Room("Dossiers")


class ProposalOut(Out):
    """A proposal that is open; it counts as no answer until somebody takes it."""

    id: int = Field(examples=[31])
    question: str = Field(examples=["licence"])
    source: str = Field(examples=["model_card"])
    origin: str = Field(examples=["Proposed from README.md, line 4, license"])
    text: str = Field(description="The value in words.", examples=["Apache-2.0"])
    rows: list[list[str]] = Field(description="Its rows, where it is a table.", examples=[[]])
    quote: str = Field(description="What stands there, word for word.", examples=["license: apache-2.0"])
    version: int = Field(
        description="Of the answer that is there, 0 for none; send it when you take the proposal.",
        examples=[0],
    )


class ProposalsOut(Out):
    """The open proposals that would change something, newest first for each question."""

    items: list[ProposalOut]


class TakingIn(In):
    """The version of the answer that you saw, so that nobody's text is overwritten unseen."""

    version: Whole = Field(0, description="Of the answer; 0: there was none.", examples=[0])


class TopicIn(In):
    """The topic whose questions without an answer take what is proposed."""

    topic: QuestionKey = Field(examples=["data"])


class TakenOut(Out):
    """How many answers were taken, and what is proposed still."""

    taken: int = Field(examples=[3])
    items: list[ProposalOut]


def proposals_of(request: HttpRequest, found: ReviewRequest) -> list[ProposalOut]:
    """Return the open proposals as the page of the dossier shows them to who asks."""
    user, found, now = found_request(request, found.reference)
    dossier = dossier_of(found)
    versions = {key: answer.version for key, answer in dossier.answers.items()}
    return [
        ProposalOut(
            id=one.id, question=one.question, source=one.source, origin=one.origin, text=one.text,
            rows=[list(row) for row in one.table.rows] if one.table else [], quote=one.quote,
            version=versions.get(one.question, 0),
        )
        for some in shown_proposals(found, dossier, user, now).values()
        for one in some
    ]  # fmt: skip


@room.get("/requests/{reference}/proposals", ProposalsOut, Scope.REQUESTS_READ)
def list_proposals(request: HttpRequest, reference: Reference) -> ProposalsOut:
    """List what is proposed for the questions of the dossier; it is for those who write it."""
    user, found, now = found_request(request, reference)
    why_not = why_not_edit(user, found, now)
    if isinstance(why_not, WrongPerson):
        require(why_not)
    return ProposalsOut(items=proposals_of(request, found))


def _of(found: ReviewRequest, proposal_id: int) -> Proposal:
    """Return a proposal of the request; raises Http404."""
    proposal = Proposal.objects.filter(pk=proposal_id, request=found).first()
    if proposal is None:
        raise Http404
    return proposal


@room.post(
    "/requests/{reference}/proposals/{proposal_id}/acceptance",
    AnswerOut,
    Scope.REQUESTS_WRITE,
    tells=(Code.STALE,),
)
def take_proposal(request: HttpRequest, reference: Reference, proposal_id: Id, given: TakingIn) -> AnswerOut:
    """Make a proposal the answer to its question; rows join the rows that are there."""
    user, found, now = found_request(request, reference)
    require(why_not_edit(user, found, now))
    answer = services.take_proposal(
        actor=user, proposal_id=_of(found, proposal_id).pk, expected_version=given.version, now=now
    )
    return answer_out(answer)


@room.post(
    "/requests/{reference}/proposals/{proposal_id}/dismissal", ProposalsOut, Scope.REQUESTS_WRITE, takes=None
)
def dismiss_proposal(request: HttpRequest, reference: Reference, proposal_id: Id) -> ProposalsOut:
    """Put a proposal away without taking it."""
    user, found, now = found_request(request, reference)
    require(why_not_edit(user, found, now))
    services.dismiss_proposal(actor=user, proposal_id=_of(found, proposal_id).pk, now=now)
    return ProposalsOut(items=proposals_of(request, found))


@room.post("/requests/{reference}/proposals/acceptance", TakenOut, Scope.REQUESTS_WRITE, tells=(Code.STALE,))
def take_proposals_of_topic(request: HttpRequest, reference: Reference, given: TopicIn) -> TakenOut:
    """Take the newest proposal for each question of a topic that has no answer; nothing that is there is replaced."""
    user, found, now = found_request(request, reference)
    require(why_not_edit(user, found, now))
    topic = questionnaire(found.questionnaire).topic(given.topic)
    if topic is None:
        raise Http404
    taken = services.take_all(actor=user, request_id=found.pk, topic=topic.key, now=now)
    return TakenOut(taken=taken, items=proposals_of(request, found))
