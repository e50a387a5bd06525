"""Erasing personal data from the log: the list of erasures, a person, single values of an event."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.views.proving import asks_for_challenge, challenged, proof_context
from audit import words
from audit.erasure import ERASED
from audit.refusal import Refused
from audit.selectors import Cursor, page
from audit.telling import tell
from oversight import erasing, permissions
from oversight.erasing import Part
from oversight.erasing_forms import ErasePersonForm, EraseValuesForm
from oversight.views.acting import person


@require_safe
@login_required
def erasures(request: HttpRequest) -> HttpResponse:
    """Show what was erased, when, by whom and why; administrators choose a person here."""
    user, given = person(request), request.GET
    sight = permissions.sight_of(user, timezone.now())
    is_administrator = permissions.is_administrator(user)
    part = page(
        sight.events().filter(verb=ERASED), before=Cursor.parse(given.get("before", "")),
        after=Cursor.parse(given.get("after", "")),
    )  # fmt: skip
    name = given.get("name", "").strip()[:200]
    context = {
        "erasures": tell(part.events),
        "newer_url": f"?after={part.newer}" if part.newer else "",
        "older_url": f"?before={part.older}" if part.older else "",
        "may_erase": is_administrator,
        "name": name,
        "people": erasing.people_named(name) if is_administrator and name else [],
    }
    return render(request, "oversight/erasures.html", context)


@sensitive_post_parameters("password", "code", "assertion")
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def erase_person(request: HttpRequest, person_id: int) -> HttpResponse:
    """Show what the log discloses of a person, and erase it for a reason, signed."""
    user = person(request)
    found = erasing.person_to_erase(user, person_id)
    form = ErasePersonForm(request.POST if request.method == "POST" else None)
    if asks_for_challenge(request):
        parts = [part for part in Part if part in request.POST.getlist("parts")]
        return challenged(request, partial(
            erasing.person_challenge, actor=user, person_id=found.pk, parts=parts, now=timezone.now()
        ))  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            count = erasing.erase_person(
                actor=user,
                person_id=found.pk,
                parts=form.chosen(),
                asked=form.asked(request.session.session_key),
                now=timezone.now(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            _say(request, count)
            return redirect("oversight:erase_person", found.pk)
    traces = erasing.traces_of(found)
    context = {
        "found": found,
        "form": form,
        "parts": erasing.preview(traces),
        "doubtful": erasing.doubtful_events(traces),
        "is_oneself": found == user,
    } | proof_context(request)
    return render(request, "oversight/erase_person.html", context, status=422 if form.errors else 200)


@sensitive_post_parameters("password", "code", "assertion")
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def erase_values(request: HttpRequest, event_id: int) -> HttpResponse:
    """Show the personal values of one event, and erase some of them for a reason, signed."""
    user = person(request)
    event = erasing.event_to_erase_from(user, event_id)
    values = erasing.erasable(event)
    form = EraseValuesForm(
        [(path, words.word(path)) for path in values], request.POST if request.method == "POST" else None
    )
    if asks_for_challenge(request):
        return challenged(request, partial(
            erasing.values_challenge, actor=user, event_id=event.pk, paths=request.POST.getlist("paths"),
            now=timezone.now(),
        ))  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            count = erasing.erase_values(
                actor=user,
                event_id=event.pk,
                paths=form.cleaned_data["paths"],
                asked=form.asked(request.session.session_key),
                now=timezone.now(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            _say(request, count)
            return redirect("oversight:event", event.pk)
    chosen = set(request.POST.getlist("paths"))
    context = {
        "event": tell([event])[0],
        "form": form,
        "values": [(path, words.word(path), value, path in chosen) for path, value in values.items()],
    } | proof_context(request)
    return render(request, "oversight/erase_values.html", context, status=422 if form.errors else 200)


def _say(request: HttpRequest, count: int) -> None:
    text = ngettext(
        "{count} value is erased. The events stay.", "{count} values are erased. The events stay.", count
    )
    messages.success(request, text.format(count=count))
