"""The model version of a record as its revision froze it, in the words of the active language."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from records import context as shape
from registry.vocabulary import Channel, Market, Modality, Relation
from reviews.models import Decision
from reviews.rules.triage import scientific
from reviews.selectors.revisions import content_of
from reviews.selectors.words import joined


def model_of(decision: Decision) -> shape.Model:
    """Return the facts of the version and the manifest that were decided on."""
    content = content_of(decision.revision)
    version, manifest = content["version"], content["manifest"]
    flop, parameters = version["training_compute_flop"], version["parameters"]
    return {
        "project": version["project"],
        "name": version["model"],
        "version": version["number"],
        "modality": joined(_labels(Modality.choices, version["modalities"])),
        "base_model": version["base_model"],
        "relation": joined(_labels(Relation.choices, [version["relation"]])),
        "parameters": f"{int(parameters):,}" if parameters else "",
        "training_compute_flop": scientific(Decimal(flop)) if flop else "",
        "licence": version["licence"],
        "channel": joined(_labels(Channel.choices, [version["channel"]])),
        "markets": _labels(Market.choices, version["markets"]),
        "manifest_sha256": decision.manifest_sha256,
        "file_count": manifest["file_count"],
        "total_size": manifest["total_size"] or 0,
    }


def _labels(choices: Iterable[tuple[Any, Any]], codes: Iterable[str]) -> list[str]:
    known = dict(choices)
    return [str(known.get(code, code)) for code in codes]
