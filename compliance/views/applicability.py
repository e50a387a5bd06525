"""What applies: the matrix, and one library for one subject, with the decisions about it."""

from collections.abc import Collection

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.selectors import whole_number
from audit.spreadsheets import csv_download
from compliance.forms.applicability import DecisionForm
from compliance.models import ApplicabilityOverride, Library
from compliance.permissions import reads_all, why_not_manage
from compliance.rules.applicability import Level, Outcome
from compliance.selectors.applicability import (
    DECIDED,
    Asked,
    decisions_about,
    matrix_of,
    matrix_rows,
    verdict_of,
)
from compliance.selectors.applicability_words import OUTCOMES, ruled, why
from compliance.selectors.libraries import newest_libraries
from compliance.selectors.subjects import Key, Subject, address_of, subject_to_view
from compliance.services.applicability import decide_applicability, take_decision_back
from compliance.views.acting import attempt, carry_out, person

LONGEST_OPEN = 5000


@require_safe
@login_required
def matrix(request: HttpRequest) -> HttpResponse:
    """Show which libraries apply to what; `?open=` says what is unfolded, as "p3 m7"."""
    given = request.GET
    asked = Asked(
        words=given.get("q", "").strip(), framework=given.get("framework", ""), outcome=given.get("outcome", ""),
        open=_opened(given["open"]) if "open" in given else None, page=whole_number(given.get("page", "")) or 1,
    )  # fmt: skip
    shown = matrix_of(person(request), timezone.now(), asked)
    outcomes = [(each.value, OUTCOMES[each][2]) for each in Outcome if each is not Outcome.ELSEWHERE]
    context = {
        "matrix": shown, "asked": asked, "outcomes": [*outcomes, (DECIDED, _("decided by a person"))],
        "rows": [(row, _address(given, row.folds)) for row in shown.rows],
        "pages": [(number, _page(given, number)) for number in range(1, shown.pages + 1)],
    }  # fmt: skip
    return render(request, "compliance/applies.html", context)


def _opened(text: str) -> frozenset[Key]:
    """Read what is unfolded; what it doesn't know is left out."""
    levels = {"p": Level.PROJECT, "m": Level.MODEL}
    words = [(word[:1], whole_number(word[1:])) for word in text[:LONGEST_OPEN].split()]
    return frozenset((levels[level], key) for level, key in words if level in levels and key is not None)


def _address(given: QueryDict, folds: Collection[Key] | None) -> str:
    """Return the address of the same page with other things unfolded, "" where nothing folds."""
    if folds is None:
        return ""
    query = given.copy()
    query["open"] = " ".join(sorted(f"{level[0]}{key}" for level, key in folds))
    return f"?{query.urlencode()}"


def _page(given: QueryDict, number: int) -> str:
    query = given.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"


@require_safe
@login_required
def matrix_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Hand out all of it as rows, with the reasons that the person may read."""
    columns = [
        _("About"), _("Project"), _("Framework"), _("Library"), _("Applies"), _("Why"), _("Decided by"),
    ]  # fmt: skip
    now = timezone.now()
    return csv_download(f"applies-{now:%Y-%m-%d}", columns, matrix_rows(person(request), now))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def organisation(request: HttpRequest, code: str) -> HttpResponse:
    """Show whether a library applies to the organisation, and decide."""
    return _one(request, _library(code), Subject())


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def one(request: HttpRequest, code: str, level: str, **ids: int) -> HttpResponse:
    """Show whether a library applies to a project, a model or a version, and decide."""
    library, key = _library(code), ids[f"{level}_id"]
    return _one(request, library, subject_to_view(person(request), Level(level), key, timezone.now()))


@require_POST
@login_required
def take_back(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Take a decision back, and lead to what it was about."""
    now = timezone.now()
    taken: list[ApplicabilityOverride] = []

    def act() -> None:
        taken.append(take_decision_back(actor=person(request), decision_id=decision_id, now=now))

    attempt(request, act, _("The decision no longer counts."))
    if not taken:
        return redirect("compliance:applies")
    row = taken[0]
    return redirect(address_of(row.library_code, Level(row.level), row.subject_id))


def _library(code: str) -> Library:
    library = newest_libraries([code]).get(code)
    if library is None:
        raise Http404
    return library


def _one(request: HttpRequest, library: Library, subject: Subject) -> HttpResponse:
    user, now = person(request), timezone.now()
    form = DecisionForm(request.POST if request.method == "POST" else None)
    decided = carry_out(
        form,
        lambda: decide_applicability(
            actor=user,
            code=library.code,
            level=subject.level,
            subject_id=subject.id,
            now=now,
            **form.cleaned_data,
        ),
    )
    if decided:
        return redirect(request.path)
    verdict = verdict_of(user, library, subject, now)
    context = {
        "library": library, "subject": subject, "verdict": verdict, "form": form, "why": why(verdict),
        "ruled": ruled(verdict) if verdict.decision else [],
        "holder": verdict.holder if verdict.holder != subject else None,
        "decisions": decisions_about(library.code, subject), "why_not_manage": why_not_manage(user),
        "reads_reasons": subject.level is not Level.ORGANISATION or reads_all(user),
    }  # fmt: skip
    return render(request, "compliance/applies_to.html", context, status=422 if form.errors else 200)
