"""Parts of the dossier's page: one answer saved by itself, its files; for pages with scripts."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from audit.refusal import Refused
from audit.selectors import whole_number
from audit.uploads import PART
from imprimatur.dossier.questionnaire import Topic
from reviews.models import ReviewRequest
from reviews.permissions.drafting import why_not_edit
from reviews.permissions.reasons import require
from reviews.selectors.addresses import dossier_address
from reviews.selectors.dossier import dossier_of
from reviews.selectors.draft_page import DraftPage, draft_page
from reviews.selectors.question_field import QuestionField
from reviews.selectors.questionnaires import questionnaire
from reviews.services.evidence import (
    add_file,
    add_uploaded_file,
    begin_upload,
    open_dossier_file,
    remove_file,
)
from reviews.views.acting import asked
from reviews.views.refusing import tells_refusals
from reviews.views.saving import save_sent_answer


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@tells_refusals
def answer(request: HttpRequest, reference: str, question: str) -> HttpResponse:
    """Save one answer, or show it again as it is saved."""
    user, found, now = asked(request, reference)
    require(why_not_edit(user, found, now))
    topic = _topic_of(found, question)
    if not getattr(request, "htmx", False):
        return _without_scripts(request, user, found, question, topic, now)
    shown = {each.key for each in dossier_of(found).asked}
    trouble = save_sent_answer(request, user, found, question, now) if request.method == "POST" else None
    page = draft_page(user, found, topic.key, now)
    return _parts(request, page, question, trouble, shown)


def _without_scripts(
    request: HttpRequest, user: User, found: ReviewRequest, question: str, topic: Topic, now: datetime
) -> HttpResponse:
    if request.method == "POST" and save_sent_answer(request, user, found, question, now) is not None:
        return HttpResponse(_("This answer was not saved. Go back, and save the whole topic."), status=422)
    return redirect(f"{dossier_address(found.reference)}?topic={topic.key}#q-{question}")


def _parts(
    request: HttpRequest, page: DraftPage, question: str, trouble: QuestionField | None, shown: set[str]
) -> HttpResponse:
    """Answer with the line that says "saved"; with the question when it was not; with all when others are asked now."""
    field = trouble or next((field for field in page.fields if field.key == question), None)
    context = {
        "page": page,
        "reference": page.request.reference,
        "field": field,
        "fields": page.fields,
        "oob": True,
    }
    if field is None or (trouble is None and _asks_others(page, shown)):
        return _into("#questions", render(request, "reviews/dossier_questions.html", context))
    if trouble is not None:
        status = 422 if trouble.conflict is None else 409
        return _into(f"#q-{question}", render(request, "reviews/dossier_field.html", context, status=status))
    whole = request.method != "POST" or request.headers.get("HX-Target") == f"q-{question}"
    if whole or _is_of_another(field, request):
        return _into(f"#q-{question}", render(request, "reviews/dossier_field.html", context))
    return render(request, "reviews/dossier_saved.html", context)


def _is_of_another(field: QuestionField, request: HttpRequest) -> bool:
    """Say whether what is saved now is somebody else's: the writer had changed nothing, and is shown theirs."""
    return field.saved is not None and field.saved.updated_by_id != request.user.pk


def _asks_others(page: DraftPage, shown: set[str]) -> bool:
    """Say whether the topic now asks other questions than before the answer was saved."""
    topic = {question.key for question in page.topic.questions}
    return {field.key for field in page.fields} != shown & topic


def _into(target: str, response: HttpResponse) -> HttpResponse:
    response["HX-Retarget"], response["HX-Reswap"] = target, "outerHTML"
    return response


def _topic_of(found: ReviewRequest, question: str) -> Topic:
    topic = questionnaire(found.questionnaire).topic_of(question)
    if topic is None:
        raise Http404
    return topic


@require_POST
@login_required
def begin(request: HttpRequest, reference: str, question: str) -> JsonResponse:
    """Begin a file that comes in parts: where to send them, or why not."""
    user, found, now = asked(request, reference)
    _topic_of(found, question)
    name = request.POST.get("name", "")
    try:
        upload = begin_upload(
            actor=user, request_id=found.pk, question=question, name=name, now=now,
            size=whole_number(request.POST.get("size", "")) or 0,
        )  # fmt: skip
    except Refused as refusal:
        return JsonResponse({"refused": str(refusal)}, status=422)
    return JsonResponse(
        {"token": upload.token, "address": reverse("desk:upload", args=[upload.token]), "part": PART}
    )


@require_POST
@login_required
@tells_refusals
def attach(request: HttpRequest, reference: str, question: str) -> HttpResponse:
    """Keep files with the answer."""
    user, found, now = asked(request, reference)
    topic, refused = _topic_of(found, question), ""
    try:
        for upload in request.FILES.getlist(f"f-{question}"):
            add_file(actor=user, request_id=found.pk, question=question, upload=upload, now=now)
        if token := request.POST.get("upload", ""):
            add_uploaded_file(actor=user, request_id=found.pk, question=question, token=token, now=now)
    except Refused as refusal:
        refused = str(refusal)
    return _files(request, draft_page(user, found, topic.key, now), question, refused)


@require_POST
@login_required
@tells_refusals
def detach(request: HttpRequest, reference: str, file_id: int) -> HttpResponse:
    """Take a file out of the dossier."""
    user, found, now = asked(request, reference)
    question = found.files.filter(pk=file_id).values_list("question", flat=True).first()
    if question is None:
        raise Http404
    remove_file(actor=user, request_id=found.pk, file_id=file_id, now=now)
    return _files(request, draft_page(user, found, _topic_of(found, question).key, now), question, "")


def _files(request: HttpRequest, page: DraftPage, question: str, refused: str) -> HttpResponse:
    if not getattr(request, "htmx", False):
        messages.error(request, refused) if refused else messages.success(request, _("Saved."))
        return redirect(f"{dossier_address(page.request.reference)}?topic={page.topic.key}#q-{question}")
    field = next(field for field in page.fields if field.key == question)
    context = {
        "page": page,
        "reference": page.request.reference,
        "field": field,
        "refused": refused,
        "oob": True,
    }
    return render(request, "reviews/dossier_files.html", context, status=422 if refused else 200)


@require_safe
@login_required
@tells_refusals
def dossier_file(request: HttpRequest, reference: str, file_id: int) -> HttpResponse | FileResponse:
    """Hand out a file of the dossier, always as a download of unknown kind: nothing in it runs here."""
    user, found, now = asked(request, reference)
    file, content = open_dossier_file(actor=user, request_id=found.pk, file_id=file_id, now=now)
    response = FileResponse(
        content, as_attachment=True, filename=file.name, content_type="application/octet-stream"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
