"""Sheets of the workbooks that auditors take away: requests in scope, and a sample with its draw."""

import hashlib
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from audit.workbooks import Sheet
from oversight.draw import population_text
from oversight.models import Sample
from reviews.models import ReviewRequest
from reviews.selectors.words import REQUEST_STATES


def of_requests(requests: Iterable[ReviewRequest]) -> Sheet:
    """Return the requests as they stand."""
    columns = (
        _("Request"), _("Model and version"), _("Project"), _("Purpose"), _("State"), _("Risk tier"), _("Procedure"),
        _("Submitted, UTC"), _("In this state since, UTC"),
    )  # fmt: skip
    rows = (
        (
            request.reference, str(request.version), request.version.model.project.name, request.purpose,
            REQUEST_STATES[request.state].label, request.tier or "", request.procedure, request.submitted_at,
            request.state_since,
        )
        for request in requests
    )  # fmt: skip
    return Sheet(_("Requests"), columns, rows, (16, 28, 24, 50, 14, 10, 14, 20, 20))


def of_sample(sample: Sample) -> list[Sheet]:
    """Return three sheets: what was drawn and how far it is, how it was drawn, and what it was drawn from."""
    items = sample.items.select_related("request__version__model").order_by("place")
    drawn = (
        (
            item.place, item.request.reference, str(item.request.version), item.get_state_display(), item.note,
            item.changed_at, _rank(sample.seed, item.request.reference),
        )
        for item in items
    )  # fmt: skip
    columns = (
        _("Place"), _("Request"), _("Model and version"), pgettext("of a request", "State"), _("Note"), _("Noted, UTC"),
        _("SHA-256 of seed and request"),
    )  # fmt: skip
    facts = (
        (_("Seed"), sample.seed), (_("Drawn"), sample.size), (_("Requests in scope"), len(sample.population)),
        (_("SHA-256 of the list"), sample.population_sha256), (_("Drawn at, UTC"), sample.drawn_at),
        (_("Method"), _("SHA-256 of “seed:request” for each; sorted by it, the first ones are the sample.")),
    )  # fmt: skip
    ranked = sorted((_rank(sample.seed, reference), reference) for reference in sample.population)
    return [
        Sheet(_("Sample"), columns, drawn, (8, 16, 28, 26, 60, 20, 60)),
        Sheet(_("Draw"), (_("What"), _("Value")), facts, (24, 60)),
        Sheet(_("Drawn from"), (_("SHA-256 of seed and request"), _("Request")), ranked, (60, 16)),
    ]


def population_lines(sample: Sample) -> str:
    """Return the list that was drawn from, exactly the bytes whose digest stands in the log."""
    return population_text(sample.population)


def _rank(seed: str, reference: str) -> str:
    return hashlib.sha256(f"{seed}:{reference}".encode()).hexdigest()
