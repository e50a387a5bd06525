"""Inviting many people by a list: upload, look, confirm."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms.people import ListForm
from accounts.models import User
from accounts.permissions import require_administrator
from accounts.rules.invitation_list import Row, Unreadable
from accounts.services.invitation import invite_many
from accounts.services.invitation_list import check, examine, guests_of
from accounts.words import fault_sentence, role_word, unreadable_sentence
from audit.refusal import Refused

_SALT = "accounts.invitation_list"
_LASTS = 3600  # seconds for which a preview may be confirmed


@login_required
@require_http_methods(["GET", "POST"])
def invite_list(request: HttpRequest) -> HttpResponse:
    """Ask for a file, and show what it would do; nothing is written."""
    assert isinstance(request.user, User)
    require_administrator(request.user)
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            rows = examine(form.cleaned_data["file"].read())
        except Unreadable as unreadable:
            form.add_error("file", unreadable_sentence(unreadable.code))
        else:
            return _preview(request, rows)
    return render(request, "accounts/invite_list.html", {"form": form})


@login_required
@require_POST
def confirm_list(request: HttpRequest) -> HttpResponse:
    """Invite everybody of the preview, or nobody."""
    assert isinstance(request.user, User)
    require_administrator(request.user)
    try:
        content = signing.loads(request.POST.get("rows", ""), salt=_SALT, max_age=_LASTS)
    except signing.BadSignature:
        messages.error(request, _("This preview is too old. Nobody was invited. Choose the file again."))
        return redirect("accounts:invite_list")
    rows = check([Row(**{**row, "roles": tuple(row["roles"])}) for row in content])
    if any(row.faults for row in rows):
        return _preview(request, rows)
    try:
        invited = len(invite_many(actor=request.user, guests=guests_of(rows), now=timezone.now()))
    except Refused as refusal:
        messages.error(request, _("{reason} Nobody was invited.").format(reason=refusal))
        return redirect("accounts:invite_list")
    done = ngettext("{count} invitation is on its way.", "{count} invitations are on their way.", invited)
    messages.success(request, done.format(count=invited))
    return redirect("accounts:people")


def _preview(request: HttpRequest, rows: list[Row]) -> HttpResponse:
    """Show the rows, with what is wrong with each; without faults, what confirms them."""
    faulty = sum(bool(row.faults) for row in rows)
    shown = [
        {
            "row": row,
            "roles": [role_word(name) for name in row.roles],
            "faults": [fault_sentence(f) for f in row.faults],
        }
        for row in rows
    ]
    kept = "" if faulty else signing.dumps([_plain(row) for row in rows], salt=_SALT, compress=True)
    context = {"shown": shown, "faulty": faulty, "total": len(rows), "kept": kept, "form": ListForm()}
    return render(request, "accounts/invite_preview.html", context)


def _plain(row: Row) -> dict[str, Any]:
    return {
        "line": row.line, "email": row.email, "name": row.name, "roles": list(row.roles), "language": row.language,
        "time_zone": row.time_zone, "line_manager": row.line_manager,
    }  # fmt: skip
