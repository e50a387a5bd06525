"""Tokens of the API: a person's own, and for administrators everybody's."""

from allauth.account.decorators import reauthentication_required
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms.tokens import TokenForm
from accounts.models import User
from accounts.permissions import require_administrator
from accounts.selectors import tokens_of, tokens_that_work
from accounts.services.api_tokens import make_token, revoke_token
from accounts.views.acting import attempt
from audit.refusal import Refused


@require_safe
@login_required
def tokens(request: HttpRequest) -> HttpResponse:
    """Show the person's tokens."""
    assert isinstance(request.user, User)
    return render(request, "accounts/tokens.html", {"tokens": tokens_of(request.user, timezone.now())})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth has no types
def new_token(request: HttpRequest) -> HttpResponse:
    """Make a token; its text is on the page that answers, and nowhere else."""
    assert isinstance(request.user, User)
    form, now = TokenForm(request.POST or None, person=request.user), timezone.now()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            token, text = make_token(
                actor=request.user,
                name=given["name"],
                scopes=given["scopes"],
                expires_at=form.ends(now),
                now=now,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return render(request, "accounts/token_made.html", {"token": token, "text": text})
    return render(request, "accounts/new_token.html", {"form": form})


@require_POST
@login_required
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """End a token, one's own or as an administrator anybody's."""
    assert isinstance(request.user, User)
    user = request.user
    attempt(
        request, lambda: revoke_token(actor=user, token_id=token_id, now=timezone.now()),
        _("The token no longer works."),
    )  # fmt: skip
    return redirect("accounts:all_tokens" if request.POST.get("from") == "all" else "accounts:tokens")


@require_safe
@login_required
def all_tokens(request: HttpRequest) -> HttpResponse:
    """Show the tokens of everybody that work."""
    assert isinstance(request.user, User)
    require_administrator(request.user)
    return render(request, "accounts/all_tokens.html", {"tokens": tokens_that_work(timezone.now())})
