"""Who calls: the token in the header Authorization, and whether it is made for what is asked. Cookies open nothing."""

from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.api.problems import Code, Problem
from accounts.api_tokens import ApiToken
from accounts.rules.scopes import Scope
from accounts.second_factor import has_second_factor, needs_second_factor
from accounts.services.api_tokens import note_use, token_of


def entering(request: HttpRequest, now: datetime) -> ApiToken:
    """Return the token that calls; raises Problem without saying whether it is unknown, ended or revoked."""
    kind, _blank, text = request.headers.get("Authorization", "").partition(" ")
    token = token_of(text.strip(), now) if kind.lower() == "bearer" else None
    if token is None:
        raise Problem(
            Code.UNAUTHENTICATED,
            _(
                "Send a valid token in the header Authorization, as “Bearer imp_…”. "
                "You make one on your account's page."
            ),
            headers={"WWW-Authenticate": 'Bearer realm="imprimatur"'},
        )
    note_use(token, now)
    return token


def require_scope(token: ApiToken, scope: Scope | None, now: datetime) -> None:
    """Raise Problem when the token wasn't made for this, or its person couldn't come in by a page either."""
    if needs_second_factor(token.person, now) and not has_second_factor(token.person):
        raise Problem(
            Code.FORBIDDEN,
            _(
                "Your part here needs one-time codes or a passkey. Set them up on the pages; then tokens work again."
            ),
        )
    if scope is not None and scope.value not in token.scopes:
        raise Problem(
            Code.MISSING_SCOPE,
            _("This token lacks the scope {scope}. Make one that has it.").format(scope=scope.value),
            headers={
                "WWW-Authenticate": f'Bearer realm="imprimatur", error="insufficient_scope", scope="{scope.value}"'
            },
        )
