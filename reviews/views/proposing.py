"""Proposals on the page of a dossier: one is taken or dismissed, or all of a topic are taken."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from audit.refusal import Refused
from audit.selectors import whole_number
from reviews.models import Proposal, ReviewRequest
from reviews.permissions.drafting import why_not_edit
from reviews.permissions.reasons import require
from reviews.selectors.addresses import dossier_address
from reviews.selectors.draft_page import draft_page
from reviews.selectors.questionnaires import questionnaire
from reviews.services.proposals import dismiss_proposal, take_all, take_proposal
from reviews.views.acting import asked
from reviews.views.refusing import tells_refusals


@require_POST
@login_required
@tells_refusals
def take(request: HttpRequest, reference: str, proposal_id: int) -> HttpResponse:
    """Take the proposal as the answer, or put it away with `dismiss`."""
    return _settle(request, reference, proposal_id, dismiss="dismiss" in request.POST)


def _settle(request: HttpRequest, reference: str, proposal_id: int, *, dismiss: bool) -> HttpResponse:
    user, found, now = asked(request, reference)
    require(why_not_edit(user, found, now))
    question = _question_of(found, proposal_id)
    try:
        if dismiss:
            dismiss_proposal(actor=user, proposal_id=proposal_id, now=now)
        else:
            seen = whole_number(request.POST.get(f"v-{question}", "")) or 0
            take_proposal(actor=user, proposal_id=proposal_id, expected_version=seen, now=now)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return _questions(request, found, question)


@require_POST
@login_required
@tells_refusals
def take_topic(request: HttpRequest, reference: str) -> HttpResponse:
    """Take what is proposed for questions of the topic that have no answer."""
    user, found, now = asked(request, reference)
    require(why_not_edit(user, found, now))
    topic = questionnaire(found.questionnaire).topic(request.POST.get("topic", ""))
    if topic is None:
        raise Http404
    count = take_all(actor=user, request_id=found.pk, topic=topic.key, now=now)
    messages.success(
        request, ngettext("{count} answer taken.", "{count} answers taken.", count).format(count=count)
    )
    return _questions(request, found, topic.questions[0].key)


def settle_proposals(request: HttpRequest, found: ReviewRequest) -> HttpResponseBase | None:
    """Do what a button beside a proposal asks for on a page without scripts, after its answers were saved."""
    if "take-topic" in request.POST:
        return take_topic(request, found.reference)
    for name in ("take-proposal", "dismiss-proposal"):
        number = whole_number(request.POST.get(name, ""))
        if number is not None:
            return _settle(request, found.reference, number, dismiss=name.startswith("dismiss"))
    return None


def _question_of(found: ReviewRequest, proposal_id: int) -> str:
    """Return the question of a proposal that belongs to the request."""
    question = (
        Proposal.objects.filter(pk=proposal_id, request=found).values_list("question", flat=True).first()
    )
    if question is None:
        raise Http404
    return question


def _questions(request: HttpRequest, found: ReviewRequest, question: str) -> HttpResponse:
    """Answer with the questions of the topic, or lead back to them where no scripts run."""
    about = questionnaire(found.questionnaire).topic_of(question)
    topic = about.key if about else ""
    if not getattr(request, "htmx", False):
        return redirect(f"{dossier_address(found.reference)}?topic={topic}#q-{question}")
    user, found, now = asked(request, found.reference)
    page = draft_page(user, found, topic, now)
    said = " ".join(str(message) for message in messages.get_messages(request))
    context = {"page": page, "reference": found.reference, "fields": page.fields, "oob": True, "said": said}
    return render(request, "reviews/dossier_questions.html", context)
