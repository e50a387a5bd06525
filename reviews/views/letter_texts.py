"""The texts of letters and minutes: administrators write versions, with the list of placeholders and a preview."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.refusal import Refused
from records.context import Language
from records.pdf_pages import NotShown
from reviews.forms.letter_texts import BackForm, TextForm
from reviews.permissions.letters import texts_for
from reviews.rules.difference import compare
from reviews.rules.letter_kinds import LetterKind
from reviews.selectors.letters.texts import in_force, language_code, shipped, version_of, versions
from reviews.selectors.letters.texts_page import rows_of_texts
from reviews.selectors.letters.words import KINDS, placeholders_in_words
from reviews.services.letter_previews import Preview, preview_page, preview_text
from reviews.services.letter_texts import change_text, restore_shipped
from reviews.views.acting import attempt, number_in, person


@require_safe
@login_required
def show_texts(request: HttpRequest) -> HttpResponse:
    """Show which version of every text is in use, in both languages."""
    texts_for(person(request))
    return render(request, "reviews/letter_texts.html", {"rows": rows_of_texts()})


@require_http_methods(["GET", "POST"])
@login_required
def edit_text(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    """Write a version, or look at what is written as pages first; nothing that was typed is lost."""
    texts_for(person(request))
    of, spoken = _of(kind, language)
    newest = in_force(of, spoken)
    form = TextForm(
        request.POST if request.method == "POST" else None, kind=of,
        initial={"base": newest.version, "content": newest.content},
    )  # fmt: skip
    preview = None
    if form.is_bound and form.is_valid():
        if "preview" in request.POST:
            preview = _preview(request, form, spoken)
        elif _write(request, form, spoken):
            return redirect("reviews:letter_text", kind, language)
    context = {
        "form": form, "preview": preview, "kind": of, "name": KINDS[of], "language": spoken, "newest": newest,
        "placeholders": placeholders_in_words(of), "versions": versions(of, spoken),
        "numbers": range(1, preview.pages + 1) if preview else (), "back": BackForm(initial={"base": newest.version}),
        "is_shipped": newest.content == shipped(of, spoken).content,
    }  # fmt: skip
    return render(request, "reviews/letter_text.html", context, status=422 if form.errors else 200)


@require_safe
@login_required
def show_text_version(request: HttpRequest, kind: str, language: str, version: int) -> HttpResponse:
    """Show a version, and what changed from another one to it: by default from the one before."""
    texts_for(person(request))
    of, spoken = _of(kind, language)
    shown = version_of(of, spoken, version)
    asked = number_in(request, "from")
    before = version_of(of, spoken, max(version - 1, 0) if asked is None else asked)
    if shown is None or before is None:
        raise Http404
    context = {
        "shown": shown, "before": before, "name": KINDS[of], "kind": of, "language": spoken,
        "versions": versions(of, spoken),
        "difference": compare(before.content, shown.content) if before.version != shown.version else None,
    }  # fmt: skip
    return render(request, "reviews/letter_text_version.html", context)


@require_POST
@login_required
def restore_text(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    """Go back to the shipped text, as a new version."""
    actor = texts_for(person(request))
    of, spoken = _of(kind, language)
    form = BackForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why you go back to the shipped text."))
        return redirect("reviews:letter_text", kind, language)
    said = form.cleaned_data
    attempt(
        request,
        lambda: restore_shipped(
            actor=actor, kind=of, language=spoken, base=said["base"], reason=said["reason"], now=timezone.now()
        ),
        _("The shipped text is in use again."),
    )  # fmt: skip
    return redirect("reviews:letter_text", kind, language)


@require_safe
@login_required
@never_cache
def show_preview_page(request: HttpRequest, preview: str, page: int) -> HttpResponse:
    """Hand out a page of a preview as a picture."""
    actor = texts_for(person(request))
    try:
        return HttpResponse(preview_page(actor=actor, token=preview, number=page), content_type="image/png")
    except NotShown:
        raise Http404 from None


def _of(kind: str, language: str) -> tuple[LetterKind, Language]:
    try:
        return LetterKind(kind), language_code(language)
    except ValueError:
        raise Http404 from None


def _preview(request: HttpRequest, form: TextForm, language: Language) -> Preview | None:
    said = form.cleaned_data
    try:
        return preview_text(
            actor=person(request), kind=form.kind, language=language, content=said["content"],
            reference=said.get("reference", ""), now=timezone.now(),
        )  # fmt: skip
    except Refused as refusal:
        form.add_error("reference" if "reference" in form.fields else None, str(refusal))
        return None


def _write(request: HttpRequest, form: TextForm, language: Language) -> bool:
    said = form.cleaned_data
    try:
        row = change_text(
            actor=person(request), kind=form.kind, language=language, content=said["content"], base=said["base"],
            reason=said["reason"], now=timezone.now(),
        )  # fmt: skip
    except Refused as refusal:
        form.add_error("reason" if not said["reason"].strip() else None, str(refusal))
        return False
    messages.success(request, _("Version {version} of the text is in use.").format(version=row.version))
    return True
