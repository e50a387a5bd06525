"""Facts of a version that files state: model cards and headers of weights, each with the place where it stands.

Codes are those of the registry's vocabulary; which task of a card means which modality stands here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from imprimatur.cards.stated import Card, Kind, Stated

_TASKS = {
    "text": "text-classification token-classification question-answering zero-shot-classification translation "
    "summarization text-generation text2text-generation fill-mask sentence-similarity text-ranking conversational",
    "image": "image-classification object-detection image-segmentation depth-estimation image-to-image "
    "unconditional-image-generation mask-generation image-feature-extraction keypoint-detection",
    "text image": "text-to-image image-to-text visual-question-answering document-question-answering "
    "image-text-to-text zero-shot-image-classification zero-shot-object-detection",
    "audio": "audio-classification voice-activity-detection audio-to-audio",
    "text audio": "automatic-speech-recognition text-to-speech text-to-audio audio-text-to-text",
    "video": "video-classification video-to-video",
    "text video": "text-to-video video-text-to-text",
    "image video": "image-to-video",
    "tabular": "tabular-classification tabular-regression time-series-forecasting",
    "text tabular": "table-question-answering",
    "action": "robotics reinforcement-learning",
}
MODALITIES = {task: modalities.split() for modalities, tasks in _TASKS.items() for task in tasks.split()}
"""The modalities of each task that a model card may name in `pipeline_tag`."""
RELATIONS = {"finetune": "finetuned", "adapter": "adapter", "quantized": "quantised", "merge": "merged"}
"""How the version came from its base, for each `base_model_relation` of a model card."""
LONGEST_LICENCE, LONGEST_BASE = 120, 200


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


def _facts(card: Card) -> Iterable[tuple[str, str | list[str], Stated]]:
    for stated in _licence(card):
        if len(text := ", ".join(stated.values)) <= LONGEST_LICENCE:
            yield "licence", text, stated
    for stated in card.of("base_model"):
        if len(text := ", ".join(stated.values)) <= LONGEST_BASE:
            yield "base_model", text, stated
    for stated in card.of("base_model_relation"):
        if stated.text in RELATIONS:
            yield "relation", RELATIONS[stated.text], stated
    for stated in card.of("pipeline_tag"):
        if stated.text in MODALITIES:
            yield "modalities", list(MODALITIES[stated.text]), stated
    for stated in card.of("parameters"):
        yield "parameters", stated.text, stated


def _licence(card: Card) -> Sequence[Stated]:
    """Return the licence; where the header says "other", its name."""
    given = card.of("license")
    return card.of("license_name") or given if given and given[0].text == "other" else given
