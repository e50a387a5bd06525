"""Versions of the questions: the list, one of them as researchers see it, its file, and whether it is used."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from imprimatur.dossier.questionnaire import Questionnaire
from imprimatur.dossier.questionnaire_source import to_yaml
from reviews.forms.questions import MarkForm
from reviews.permissions.questions import why_not_manage_questions
from reviews.permissions.reasons import require
from reviews.rules.questionnaire_changes import compare
from reviews.selectors.questionnaires import UnknownQuestionnaire, content_of, questionnaire
from reviews.selectors.questions_page import drafts, preview, version_before, version_lines
from reviews.services.questionnaires import draft_questions, retire_version, take_for_use
from reviews.views.acting import attempt, person

LANGUAGES = {"en": "en", "zh": "zh-hans"}


@require_safe
@login_required
def list_versions(request: HttpRequest) -> HttpResponse:
    """List the versions and drafts of the questions."""
    require(why_not_manage_questions(person(request)))
    return render(request, "reviews/questions.html", {"lines": version_lines(), "drafts": drafts()})


@require_safe
@login_required
def show_version(request: HttpRequest, version: str) -> HttpResponse:
    """Show a version as researchers see it, and what differs from the one before."""
    asked = _version(person(request), version)
    line = next(line for line in version_lines() if line.version == version)
    before = version_before(version)
    context = {
        "line": line,
        "before": before,
        "changes": compare(questionnaire(before), asked) if before else (),
        "form": MarkForm(),
        **shown_in(request, asked),
    }
    return render(request, "reviews/questions_version.html", context)


def shown_in(request: HttpRequest, asked: Questionnaire) -> dict[str, object]:
    """Return the preview in the language that the address asks for, else in the reader's."""
    own = "zh" if (get_language() or "en").startswith("zh") else "en"
    shown = request.GET.get("in", own)
    language = LANGUAGES.get(shown, LANGUAGES[own])
    return {"topics": preview(asked, language), "language": language}


@require_safe
@login_required
def version_file(request: HttpRequest, version: str) -> HttpResponse:
    """Hand out a version as a file."""
    _version(person(request), version)
    return yaml_file(to_yaml(content_of(version)), f"questions-{version}.yaml")


def yaml_file(text: str, name: str) -> HttpResponse:
    """Return the text as a download."""
    response = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@login_required
def draft(request: HttpRequest, version: str) -> HttpResponse:
    """Copy a version to a draft."""
    user = person(request)
    _version(user, version)
    made: list[int] = []
    attempt(
        request,
        lambda: made.append(draft_questions(actor=user, version=version, now=timezone.now()).pk),
        _("The draft is made. Nobody is asked it until it is published."),
    )
    return redirect("reviews:questions_draft", made[0]) if made else redirect("reviews:questions")


@require_POST
@login_required
def use(request: HttpRequest, version: str) -> HttpResponse:
    """Ask new requests this version."""
    return _marked(request, version, take_for_use, _("New requests are asked this version from now on."))


@require_POST
@login_required
def retire(request: HttpRequest, version: str) -> HttpResponse:
    """Retire the version."""
    return _marked(
        request, version, retire_version, _("The version is retired. Requests that began with it keep it.")
    )


def _marked(request: HttpRequest, version: str, act: Callable[..., object], done: str) -> HttpResponse:
    user, now = person(request), timezone.now()
    _version(user, version)
    attempt(request, lambda: act(actor=user, version=version, why=_why(request), now=now), done)
    return redirect("reviews:questions_version", version)


def _why(request: HttpRequest) -> str:
    return request.POST.get("why", "")[:2000]


def _version(user: User, version: str) -> Questionnaire:
    """Return the version; raises Http404 for everybody but administrators, and for one that there isn't."""
    if why_not_manage_questions(user) is not None:
        raise Http404
    try:
        return questionnaire(version)
    except UnknownQuestionnaire:
        raise Http404 from None
