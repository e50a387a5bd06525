"""The letters of a request: the list of them, and having one issued in another language."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reviews.permissions.letters import why_not_have_translated
from reviews.permissions.sight import may_read_record
from reviews.selectors.letters.shown import letter_of, letters_of
from reviews.selectors.letters.texts import language_code
from reviews.services.letters import translate_letter
from reviews.views.acting import asked, attempt, to_page


@require_safe
@login_required
def show_letters(request: HttpRequest, reference: str) -> HttpResponse:
    """Show every letter about the request, with the state of its seal."""
    actor, found, now = asked(request, reference)
    if not may_read_record(actor, str(found.pk), now):
        raise Http404
    context = {
        "found": found, "letters": letters_of(found),
        "may_translate": why_not_have_translated(actor, found, now) is None,
    }  # fmt: skip
    return render(request, "reviews/letters.html", context)


@require_POST
@login_required
def translate(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Have a letter issued in another language too."""
    actor, found, now = asked(request, reference)
    letter = letter_of(found, number)
    try:
        language = language_code(request.POST.get("language", ""))
    except ValueError:
        raise Http404 from None
    attempt(
        request,
        lambda: translate_letter(actor=actor, letter_id=letter.pk, language=language, now=now),
        _("The translation is being written; it cites the letter."),
    )
    return to_page("letters", reference)
