"""What people write beside the dossier: comments, findings, notes, questions and answers, blocking positions."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from audit.refusal import Refused
from reviews.forms.discussing import LONGEST_QUOTE, DiscussForm
from reviews.forms.talking import TextForm
from reviews.models import Block, Question, ReviewRequest
from reviews.models.talk import FINDINGS, READERS
from reviews.permissions import reviewing
from reviews.permissions.reasons import require
from reviews.selectors.discussion_kinds import kinds_for, review_to_ask_for, review_to_find_for
from reviews.selectors.questionnaires import questionnaire
from reviews.services import blocks as block_services
from reviews.services import discussing, noting, reading, staleness
from reviews.services.passages import UnclearPassage
from reviews.views.acting import asked, attempt, in_place, number_in, sent, to_request


@login_required
@require_http_methods(["GET", "POST"])
def discuss(request: HttpRequest, reference: str) -> HttpResponse:
    """Write a comment, a finding, a question, a note or a reply; as a part beside the answer, or as a page.

    `?about=harmed&quote=…&nth=1` begins with the second place of these words in an answer.
    """
    user, found, now = asked(request, reference)
    kinds = kinds_for(user, found, now)
    if not kinds:
        require(reviewing.why_not_comment(user, found, now, audience="everyone"))
    people = reverse("reviews:people_to_name", args=[reference])
    form = DiscussForm(sent(request), kinds=kinds, people=people, initial=_begun(request, kinds))
    if request.method == "POST" and form.is_valid():
        try:
            anchor = _say(user, found, form, now)
        except UnclearPassage as unclear:
            form.refuse_passage(str(unclear), unclear.places)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return to_request(reference, anchor)
    about = questionnaire(found.questionnaire).question(str(form["about"].value() or ""))
    form.auto_id = f"{about.key if about else 'all'}_%s"
    part = (
        "reviews/components/discuss_form.html" if getattr(request, "htmx", False) else "reviews/discuss.html"
    )
    context = {"found": found, "form": form, "about": about}
    return in_place(request, render(request, part, context, status=422 if form.errors else 200), form)


def _begun(request: HttpRequest, kinds: list[str]) -> dict[str, Any]:
    """Return with what the form begins; nothing is chosen unless there is but one choice."""
    return {
        "about": request.GET.get("about", ""),
        "quote": request.GET.get("quote", "")[:LONGEST_QUOTE],
        "nth": number_in(request, "nth"),
        "kind": kinds[0] if len(kinds) == 1 else None,
    }


def _say(user: User, found: ReviewRequest, form: DiscussForm, now: datetime) -> str:
    """Hand over to the service; return the anchor of what was written."""
    data = form.cleaned_data
    kind = data["kind"]
    given: dict[str, Any] = {"actor": user, "text": data["text"], "now": now}
    place = {"question_key": data["about"], "quote": data["quote"], "nth": data["nth"]}
    if kind == "question":
        review = review_to_ask_for(user, found, now)
        return f"question-{reading.ask_question(review_id=review.pk, **given, **place).number}"
    if kind in FINDINGS:
        review = review_to_find_for(user, found, now)
        return f"comment-{discussing.find_fault(review_id=review.pk, finding=kind, **given, **place).pk}"
    if kind in READERS or data["remark"]:
        note = noting.write_note(request_id=found.pk, readers=kind, answers=data["remark"], **given, **place)
        return f"note-{note.answers_id or note.pk}"
    comment = discussing.comment_on_answer(
        request_id=found.pk, audience=kind if kind != "reply" else "board", answers=data["answers"],
        question=data["question"], **given, **place,
    )  # fmt: skip
    if comment.question:
        return f"question-{comment.question.number}"
    return f"comment-{comment.answers_id or comment.pk}"


@require_POST
@login_required
def answer_question(request: HttpRequest, reference: str, question_id: int) -> HttpResponse:
    """Answer a question of a board."""
    user, found, now = asked(request, reference)
    question = get_object_or_404(Question, pk=question_id, request=found)
    form = TextForm(request.POST)
    text = form.cleaned_data["text"] if form.is_valid() else ""
    attempt(
        request,
        lambda: reading.answer_question(actor=user, question_id=question.pk, text=text, now=now),
        _("The question is answered."),
    )
    return to_request(reference, f"question-{question.number}")


@require_POST
@login_required
def withdraw_question(request: HttpRequest, reference: str, question_id: int) -> HttpResponse:
    """Withdraw an open question."""
    user, found, now = asked(request, reference)
    question = get_object_or_404(Question, pk=question_id, request=found)
    attempt(
        request,
        lambda: reading.withdraw_question(actor=user, question_id=question.pk, now=now),
        _("The question is withdrawn."),
    )
    return to_request(reference, f"question-{question.number}")


@require_POST
@login_required
def clear_block(request: HttpRequest, reference: str, block_id: int) -> HttpResponse:
    """Clear one's own blocking position, with what settled it."""
    user, found, now = asked(request, reference)
    block = get_object_or_404(Block, pk=block_id, review__request=found)
    reason = request.POST.get("reason", "")
    attempt(
        request,
        lambda: block_services.clear_block(actor=user, block_id=block.pk, reason=reason, now=now),
        _("Your blocking position is cleared."),
    )
    return to_request(reference, f"block-{block.pk}")


@require_POST
@login_required
def affirm_block(request: HttpRequest, reference: str, block_id: int) -> HttpResponse:
    """Affirm one's own blocking position for the present revision."""
    user, found, now = asked(request, reference)
    block = get_object_or_404(Block, pk=block_id, review__request=found)
    attempt(
        request,
        lambda: staleness.affirm_block(actor=user, block_id=block.pk, now=now),
        _("Your blocking position stands for this revision."),
    )
    return to_request(reference, f"block-{block.pk}")
