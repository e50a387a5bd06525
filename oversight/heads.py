"""The signed heads of the log, as lists show them."""

from collections.abc import Sequence

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from audit.models import Checkpoint, Cosignature
from audit.selectors import whole_number

LISTED = 50


def cosigners() -> Coalesce:
    """Return the expression, of heads, for how many witnesses put their names under them.

    Not a join: heads are many, and only those that are shown are counted for.
    """
    below = Cosignature.objects.filter(checkpoint=OuterRef("pk")).order_by().values("checkpoint")
    return Coalesce(Subquery(below.annotate(amount=Count("pk")).values("amount")), 0)


def heads() -> QuerySet[Checkpoint]:
    """Return the checkpoints, each with how many witnesses put their names under it (`cosigners`)."""
    return Checkpoint.objects.annotate(cosigners=cosigners())


def checkpoints(before: str = "") -> tuple[Sequence[Checkpoint], str]:
    """Return a page of the checkpoints, the newest first, and the id to go on before, or ""."""
    key = whole_number(before)
    found = heads().order_by("-id")
    some = list((found.filter(pk__lt=key) if key else found)[: LISTED + 1])
    return some[:LISTED], str(some[LISTED - 1].pk) if len(some) > LISTED else ""
