"""A draft of the questions: topics and questions, each in a form, the whole as a file, preview, publishing."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from audit.refusal import Refused
from audit.selectors import whole_number
from imprimatur.dossier.questionnaire_faults import QuestionnaireInvalid
from imprimatur.dossier.questionnaire_file import read_questionnaire
from imprimatur.dossier.questionnaire_source import LARGEST, to_yaml
from reviews.forms.questions import PublishForm, QuestionForm, SourceForm, TopicForm
from reviews.models import QuestionnaireDraft
from reviews.permissions.questions import questions_draft
from reviews.rules.questionnaire_edits import NoSuchPlace, moved, part_of, with_question, with_topic
from reviews.selectors.questions_page import draft_questions_page, faults_at
from reviews.services.questionnaires import (
    FaultySource,
    change_draft,
    discard_draft,
    publish_draft,
    replace_draft,
)
from reviews.views.acting import attempt, person, sent
from reviews.views.questions import shown_in, yaml_file

Change = Callable[[dict[str, Any]], Mapping[str, Any]]


def _asked(request: HttpRequest, draft_id: int) -> tuple[User, QuestionnaireDraft, datetime]:
    user = person(request)
    return user, questions_draft(user, draft_id), timezone.now()


def _changes(request: HttpRequest) -> int:
    """Return the count of the draft's changes that the page showed; -1, which is never right, for none."""
    given = whole_number(request.POST.get("changes", ""))
    return -1 if given is None else given


@require_safe
@login_required
def show_draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Show the draft's topics and questions, what is wrong with them, and what can be done."""
    _user, draft, _now = _asked(request, draft_id)
    return _page(request, draft)


def _page(
    request: HttpRequest,
    draft: QuestionnaireDraft,
    *,
    form: PublishForm | None = None,
    faults: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "page": draft_questions_page(draft),
        "form": form or PublishForm(),
        "source": SourceForm(),
        "faults": faults or [],
    }
    return render(request, "reviews/questions_draft.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def topic(request: HttpRequest, draft_id: int, topic: int) -> HttpResponse:
    """Change a topic's key and title; 0 is a new one."""
    _user, draft, _now = _asked(request, draft_id)
    initial = TopicForm.initial_of(_part(draft, topic)) if topic else None
    form = TopicForm(sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        change: Change = lambda content: with_topic(content, topic, form.content())  # noqa: E731
        if _changed(request, draft, change, form, ""):
            return redirect("reviews:questions_draft", draft_id)
    context = {"draft": draft, "form": form, "topic": topic, "question": None}
    return render(request, "reviews/questions_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def question(request: HttpRequest, draft_id: int, topic: int, question: int) -> HttpResponse:
    """Change a question; 0 is a new one at the end of the topic."""
    _user, draft, _now = _asked(request, draft_id)
    initial = QuestionForm.initial_of(_part(draft, topic, question)) if question else None
    form = QuestionForm(sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        place = f"{topic}.{question or 1 + len(_part(draft, topic).get('questions') or [])}"
        change: Change = lambda content: with_question(content, topic, question, form.content())  # noqa: E731
        if _changed(request, draft, change, form, place):
            return redirect(reverse("reviews:questions_draft", args=[draft_id]) + f"#q-{place}")
    context = {"draft": draft, "form": form, "topic": topic, "question": question}
    return render(request, "reviews/questions_form.html", context, status=422 if form.errors else 200)


def _changed(
    request: HttpRequest, draft: QuestionnaireDraft, change: Change, form: forms.Form, place: str
) -> bool:
    """Write the change, unless the question at the place would be faulty: then the form says why."""
    try:
        for fault in faults_at(change(dict(draft.content)), place) if place else ():
            form.add_error(None, fault)
        if form.errors:
            return False
        change_draft(
            actor=person(request),
            draft_id=draft.pk,
            changes=_changes(request),
            change=change,
            now=timezone.now(),
        )
    except NoSuchPlace:
        raise Http404 from None
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("Saved in the draft."))
    return True


@require_POST
@login_required
def move(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Move a topic or a question up, down or out."""
    user, _draft, now = _asked(request, draft_id)
    what, _blank, to = request.POST.get("move", "").partition(" ")
    topic, _dot, question = what.partition(".")
    try:
        places = int(topic), int(question or 0)
        change: Change = lambda content: moved(content, *places, to)  # noqa: E731
        attempt(
            request,
            lambda: change_draft(
                actor=user, draft_id=draft_id, changes=_changes(request), change=change, now=now
            ),
            _("Saved in the draft."),
        )
    except (NoSuchPlace, ValueError):
        messages.error(request, _("That is not there any more. Look at the draft as it is now."))
    return redirect("reviews:questions_draft", draft_id)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def source(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Hand the draft out as a file, or take a file in its place; what is wrong with it is named by its lines."""
    user, draft, now = _asked(request, draft_id)
    if request.method != "POST":
        return yaml_file(to_yaml(draft.content), f"questions-draft-{draft.pk}.yaml")
    upload = request.FILES.get("file")
    if upload is None:
        messages.error(request, _("Choose a file."))
        return redirect("reviews:questions_draft", draft_id)
    given = upload.read(LARGEST + 1)
    try:
        replace_draft(actor=user, draft_id=draft.pk, changes=_changes(request), source=given, now=now)
    except FaultySource as faulty:
        return _page(request, draft, faults=faulty.faults, status=422)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The draft is what the file says."))
    return redirect("reviews:questions_draft", draft.pk)


@require_safe
@login_required
def preview_draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Show the draft as researchers would see it."""
    _user, draft, _now = _asked(request, draft_id)
    try:
        asked = read_questionnaire(draft.content)
    except QuestionnaireInvalid:
        messages.error(request, _("This draft has faults. Put them right to see how it looks."))
        return redirect("reviews:questions_draft", draft_id)
    return render(request, "reviews/questions_preview.html", {"draft": draft, **shown_in(request, asked)})


@require_POST
@login_required
def publish(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Publish the draft as the next version."""
    user, draft, now = _asked(request, draft_id)
    form = PublishForm(request.POST)
    if form.is_valid():
        try:
            version = publish_draft(
                actor=user, draft_id=draft_id, changes=_changes(request), why=form.cleaned_data["why"],
                take_for_use=form.cleaned_data["take_for_use"], now=now,
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Version {version} is published.").format(version=version.version))
            return redirect("reviews:questions_version", version.version)
    return _page(request, draft, form=form, status=422)


@require_POST
@login_required
def discard(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Throw the draft away."""
    user, _draft, now = _asked(request, draft_id)
    attempt(
        request,
        lambda: discard_draft(actor=user, draft_id=draft_id, now=now),
        _("The draft is discarded."),
    )
    return redirect("reviews:questions")


def _part(draft: QuestionnaireDraft, topic: int, question: int = 0) -> dict[str, Any]:
    try:
        return part_of(draft.content, topic, question)
    except NoSuchPlace:
        raise Http404 from None
