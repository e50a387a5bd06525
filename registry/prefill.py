"""Facts of a version that files state: model cards and headers of weights, each with the place where it stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from imprimatur.cards.stated import Card, Kind, Stated
from registry.models import ModelVersion
from registry.vocabulary import Modality, Relation

_TEXT, _IMAGE, _AUDIO, _VIDEO = Modality.TEXT, Modality.IMAGE, Modality.AUDIO, Modality.VIDEO
_TASKS: dict[tuple[Modality, ...], str] = {
    (
        _TEXT,
    ): "text-classification token-classification question-answering zero-shot-classification translation "
    "summarization text-generation text2text-generation fill-mask sentence-similarity text-ranking conversational",
    (_IMAGE,): "image-classification object-detection image-segmentation depth-estimation image-to-image "
    "unconditional-image-generation mask-generation image-feature-extraction keypoint-detection",
    (_TEXT, _IMAGE): "text-to-image image-to-text visual-question-answering document-question-answering "
    "image-text-to-text zero-shot-image-classification zero-shot-object-detection",
    (_AUDIO,): "audio-classification voice-activity-detection audio-to-audio",
    (_TEXT, _AUDIO): "automatic-speech-recognition text-to-speech text-to-audio audio-text-to-text",
    (_VIDEO,): "video-classification video-to-video",
    (_TEXT, _VIDEO): "text-to-video video-text-to-text",
    (_IMAGE, _VIDEO): "image-to-video",
    (Modality.TABULAR,): "tabular-classification tabular-regression time-series-forecasting",
    (_TEXT, Modality.TABULAR): "table-question-answering",
    (Modality.ACTION,): "robotics reinforcement-learning",
}
_MODALITIES = {task: modalities for modalities, tasks in _TASKS.items() for task in tasks.split()}
_RELATIONS = {
    "finetune": Relation.FINETUNED, "adapter": Relation.ADAPTER, "quantized": Relation.QUANTISED,
    "merge": Relation.MERGED,
}  # fmt: skip
LONGEST_LICENCE, LONGEST_BASE = 120, 200
ROUNDED = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class StatedFact:
    """A fact of a version as its form takes it, with the file and the place that state it."""

    field: str
    value: str | list[str]
    file: str
    stated: Stated


def facts_of(cards: Iterable[tuple[str, Card]]) -> list[StatedFact]:
    """Return what files (name and card) state about a version: of two that state one fact, the first one counts.

    What is said of a dataset, its licence for example, is no fact of the version.
    """
    found: dict[str, StatedFact] = {}
    for name, card in cards:
        for field, value, stated in _facts(card) if card.kind != Kind.CROISSANT else ():
            found.setdefault(field, StatedFact(field, value, name, stated))
    return list(found.values())


def unlike(version: ModelVersion, facts: Iterable[StatedFact]) -> list[StatedFact]:
    """Return the facts that differ from those that the version was registered with; a count may be rounded."""
    return [fact for fact in facts if not _agrees(getattr(version, fact.field), fact.value)]


def _agrees(registered: object, stated: str | list[str]) -> bool:
    if isinstance(stated, list):
        return isinstance(registered, list) and set(stated) <= set(registered)
    if isinstance(registered, int):
        return abs(registered - int(stated)) <= int(stated) * ROUNDED
    return _bare(str(registered or "")) == _bare(stated)


def _bare(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def _facts(card: Card) -> Iterable[tuple[str, str | list[str], Stated]]:
    for stated in _licence(card):
        if len(text := ", ".join(stated.values)) <= LONGEST_LICENCE:
            yield "licence", text, stated
    for stated in card.of("base_model"):
        if len(text := ", ".join(stated.values)) <= LONGEST_BASE:
            yield "base_model", text, stated
    for stated in card.of("base_model_relation"):
        if stated.text in _RELATIONS:
            yield "relation", _RELATIONS[stated.text].value, stated
    for stated in card.of("pipeline_tag"):
        if stated.text in _MODALITIES:
            yield "modalities", [modality.value for modality in _MODALITIES[stated.text]], stated
    for stated in card.of("parameters"):
        yield "parameters", stated.text, stated


def _licence(card: Card) -> Sequence[Stated]:
    """Return the licence; where the header says "other", its name."""
    given = card.of("license")
    return card.of("license_name") or given if given and given[0].text == "other" else given
