"""What auditors do with samples: draw one, and write down how far they are with each request of it."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from oversight import draw
from oversight.models import Engagement, Sample, SampledState, SampleItem
from oversight.models.sample import METHOD
from oversight.permissions import engagement_to_work_on, item_to_change, sight_under
from reviews.models import ReviewRequest

MOST = 300
"""Requests of one sample at most: the event names each of them, and an event has an end."""


@transaction.atomic
def draw_sample(*, actor: User, engagement_id: int, size: int, seed: str, now: datetime) -> Sample:
    """Draw `size` of the requests that are in scope at this moment; an empty seed is made up.

    Raises Http404 for whoever is no auditor of the engagement while it is in force, Refused for what makes no sense.
    """
    engagement = engagement_to_work_on(actor, engagement_id, now)
    seed = seed or secrets.token_hex(16)
    requests = dict(population(engagement))
    _check(size, seed, len(requests))
    drawn = draw.draw(seed, list(requests), size)
    sample = Sample.objects.create(
        engagement=engagement, drawn_by=actor, drawn_at=now, seed=seed, size=size,
        population=sorted(requests), population_sha256=draw.digest_of(requests),
    )  # fmt: skip
    items = SampleItem.objects.bulk_create(
        SampleItem(sample=sample, place=place, request_id=requests[reference])
        for place, reference in enumerate(drawn, 1)
    )
    trail.record(
        "sample.drawn", obj=sample, actor=actor, now=now, also=items,
        data={
            "draw": METHOD, "seed": seed, "amount": size, "population": len(requests),
            "population_sha256": sample.population_sha256, "drawn": drawn,
        },
    )  # fmt: skip
    return sample


@transaction.atomic
def note_item(*, actor: User, item_id: int, state: str, note: str, now: datetime) -> SampleItem:
    """Write down how far the auditors are with a request of a sample; raises Http404, Refused."""
    item = item_to_change(actor, item_id, now)
    if state not in SampledState.values:
        raise Refused(_("Choose how far you are with this request."))
    if state == SampledState.NOTED and not note.strip():
        raise Refused(_("Write what you noted."))
    old, item.state, item.note = item.state, state, note.strip()
    item.changed_by, item.changed_at = actor, now
    item.save(update_fields=["state", "note", "changed_by", "changed_at"])
    trail.record(
        "sample.noted", obj=item, actor=actor, now=now, personal={"note": item.note} if item.note else None,
        data={"request": item.request.reference, "state": {"old": old, "new": state}},
    )  # fmt: skip
    return item


def population(engagement: Engagement) -> list[tuple[str, int]]:
    """Return references and ids of the submitted requests in scope, sorted by reference."""
    found = sight_under(engagement).requests().order_by("reference")
    return list(found.values_list("reference", "pk"))


def requests_in_scope(engagement: Engagement) -> list[ReviewRequest]:
    """Return the submitted requests in scope, sorted by reference, with what a list of them says."""
    found = sight_under(engagement).requests().select_related("version__model__project")
    return list(found.order_by("reference"))


def _check(size: int, seed: str, amount: int) -> None:
    if not draw.SEED.fullmatch(seed):
        raise Refused(_("A seed has at most 64 letters, digits, dots, dashes and underscores."))
    if not amount:
        raise Refused(_("No request is in scope yet, so there is nothing to draw from."))
    if not 1 <= size <= MOST:
        raise Refused(_("A sample has 1 to {most} requests.").format(most=MOST))
