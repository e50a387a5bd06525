"""The model version of a record, in the words of the active language."""

from records import context as shape
from registry.models import Manifest, ModelVersion
from reviews.models import Decision
from reviews.rules.triage import scientific


def model_of(decision: Decision) -> shape.Model:
    """Return the model version with the manifest that was decided on."""
    version = ModelVersion.objects.select_related("model__project").get(pk=decision.request.version_id)
    manifest = (
        Manifest.objects.filter(version=version, sha256=decision.manifest_sha256)
        .defer("text")
        .order_by("id")
        .first()
    )
    flop = version.training_compute_flop
    return {
        "project": version.model.project.name,
        "name": version.model.name,
        "version": version.number,
        "modality": ", ".join(version.modality_labels),
        "base_model": version.base_model,
        "relation": version.get_relation_display(),
        "parameters": f"{version.parameters:,}" if version.parameters is not None else "",
        "training_compute_flop": scientific(flop) if flop is not None else "",
        "licence": version.licence,
        "channel": version.get_channel_display(),
        "markets": version.market_labels,
        "manifest_sha256": decision.manifest_sha256,
        "file_count": manifest.file_count if manifest else 0,
        "total_size": (manifest.total_size or 0) if manifest else 0,
    }
