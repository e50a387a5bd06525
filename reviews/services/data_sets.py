"""Telling compliance that a dossier names a data set which the one before it did not name."""

import json
from datetime import datetime

from compliance import gates
from reviews.models import ReviewRequest, Revision

QUESTION = "datasets"


def tell_of_data_sets(
    request: ReviewRequest, last: Revision | None, revision: Revision, now: datetime
) -> int:
    """Open what listens to new data sets, in the transaction of the submission; returns how many checklists.

    The one before is the request's former revision, or for its first one the last of another request about the same
    model. Where there is neither, nothing was added: the version itself is new.
    """
    former = last or _of_the_model(request)
    if former is None:
        return 0
    added = gates.data_sets_added(_named(former), _named(revision))
    if not added:
        return 0
    return gates.happened(
        gates.Happening.DATASET_ADDED, version_id=request.version_id, occasion=f"revision:{revision.pk}", now=now,
        data={"data_sets": len(added)},
    )  # fmt: skip


def _of_the_model(request: ReviewRequest) -> Revision | None:
    others = Revision.objects.filter(request__version__model=request.version.model_id).exclude(
        request=request
    )
    return others.order_by("-frozen_at", "-id").first()


def _named(revision: Revision) -> object:
    answers = json.loads(bytes(revision.content))["answers"]
    return next((answer["value"] for answer in answers if answer["question"] == QUESTION), None)
