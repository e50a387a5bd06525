"""From what files state to proposals: a preview is sealed, sent back, and only then kept."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.refusal import Refused
from registry.card_authors import StatedAuthor, keep_authors
from reviews.models import ReviewRequest
from reviews.permissions.drafting import why_not_edit
from reviews.permissions.reasons import require
from reviews.rules.proposals import Found
from reviews.services.proposals import propose

LARGEST_SEAL = 4 * 1024**2
KEPT_FOR = timedelta(hours=12)

Proposals = Sequence[tuple[str, str, Sequence[Found]]]
"""For each file its name, its kind, and what was found in it."""


def seal(
    proposals: Proposals, *, actor: User, request: ReviewRequest, authors: Sequence[StatedAuthor] = ()
) -> str:
    """Return proposals and authors as a text that only this person can send back, for this request, and unchanged.

    So place and quote of a proposal are those that were read, not what somebody typed. Raises Refused when it is long.
    """
    found = [
        [name, kind, [[one.question, one.value, one.place, one.quote] for one in found]]
        for name, kind, found in proposals
        if found
    ]
    named = [[one.name, one.email, one.source_name, one.place] for one in authors]
    sealed = signing.dumps([found, named], salt=_salt(actor, request), compress=True)
    if len(sealed) > LARGEST_SEAL:
        raise Refused(_("These files state more than can be proposed at once. Read them one by one."))
    return sealed


@transaction.atomic
def propose_sealed(*, actor: User, request: ReviewRequest, sealed: str, now: datetime) -> int:
    """Keep the proposals of a sealed preview and return how many; raises Refused when the seal is broken or old.

    The authors whom the cards name are kept with the version: they don't judge it.
    """
    try:
        content, named = signing.loads(sealed, salt=_salt(actor, request), max_age=KEPT_FOR)
    except signing.BadSignature:
        raise Refused(_("This preview can't be used any more. Read the files again.")) from None
    require(why_not_edit(actor, request, now))
    keep_authors(actor=actor, version=request.version, authors=[StatedAuthor(*one) for one in named], now=now)
    return sum(
        len(propose(actor=actor, request_id=request.pk, found=[Found(*one) for one in found], source=kind,
                    source_name=name, now=now))
        for name, kind, found in content
    )  # fmt: skip


def _salt(actor: User, request: ReviewRequest) -> str:
    return f"reviews.import.{request.pk}.{actor.pk}"
