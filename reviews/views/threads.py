"""What becomes of discussions: settled, taken up again, erased; whom one can name in them, and how a text will look."""

from collections import Counter
from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reviews.forms.discussing import LONGEST
from reviews.models import Comment, Note
from reviews.permissions import noting as noting_rules
from reviews.permissions import reviewing
from reviews.permissions.reasons import require
from reviews.selectors.readers import readers_of
from reviews.services import discussing, noting
from reviews.views.acting import asked, attempt, to_request

MOST = 8


@require_POST
@login_required
def settle_comment(request: HttpRequest, reference: str, comment_id: int) -> HttpResponse:
    """Call a thread settled, or resolve a finding with a word on why."""
    done = (_("The thread is settled."), _("The finding is resolved."))
    return _turned(request, reference, comment_id, discussing.settle_comment, done)


@require_POST
@login_required
def reopen_comment(request: HttpRequest, reference: str, comment_id: int) -> HttpResponse:
    """Take up again what was settled."""
    done = (_("The thread is open again."), _("The finding is open again."))
    return _turned(request, reference, comment_id, discussing.reopen_comment, done)


def _turned(
    request: HttpRequest, reference: str, comment_id: int, act: Callable[..., Comment], done: tuple[str, str]
) -> HttpResponse:
    """End a thread or take it up again; `done` is said of a thread, or of a finding."""
    user, found, now = asked(request, reference)
    comment = get_object_or_404(Comment, pk=comment_id, request=found)
    why = request.POST.get("why", "")[:LONGEST]
    attempt(
        request,
        lambda: act(actor=user, comment_id=comment.pk, why=why, now=now),
        done[bool(comment.finding)],
    )
    return to_request(reference, f"comment-{comment.pk}")


@require_POST
@login_required
def erase_note(request: HttpRequest, reference: str, note_id: int) -> HttpResponse:
    """Erase one's private note for good."""
    user, found, now = asked(request, reference)
    note = get_object_or_404(Note, pk=note_id, request=found)
    attempt(
        request,
        lambda: noting.erase_note(actor=user, note_id=note.pk, now=now),
        _("Your note is erased."),
    )
    return to_request(reference)


@require_safe
@login_required
def people_to_name(request: HttpRequest, reference: str) -> HttpResponse:
    """Say who may be named after an "@" (`?q=wang&for=board`): people who may read what is being written.

    An address stands only beside a name that several of them have, to tell them apart.
    """
    user, found, now = asked(request, reference)
    audience = request.GET.get("for", "")
    if audience == "privileged":
        require(noting_rules.why_not_privileged(user, found, now))
    else:
        audience = "board" if audience == "board" else "everyone"
        require(reviewing.why_not_comment(user, found, now, audience=audience))
    begun = request.GET.get("q", "").casefold()
    readers = readers_of(found, audience, now)
    names = Counter(person.display_name for person in readers)
    people = [
        {"name": person.display_name, "email": person.email if names[person.display_name] > 1 else ""}
        for person in readers
        if _begins(begun, person.display_name)
    ]
    return JsonResponse({"people": people[:MOST]})


def _begins(begun: str, display_name: str) -> bool:
    """Say whether a word of the name, or any place of a Chinese one, begins like this."""
    name = display_name.casefold()
    words = name.split() if begun.isascii() else [name[at:] for at in range(len(name))]
    return any(word.startswith(begun) for word in [*words, name])


@require_POST
@login_required
def preview(request: HttpRequest, reference: str) -> HttpResponse:
    """Show how a text will look; nothing is kept."""
    _user, found, _now = asked(request, reference)
    context = {"found": found, "text": request.POST.get("text", "")[:LONGEST]}
    return render(request, "reviews/components/preview.html", context)
