"""A folder of a model with its cards, and drafts about it."""

import json
import struct
from pathlib import Path

from imprimatur.dossier import shipped
from imprimatur.dossier.draft_text import Writing
from imprimatur.dossier.found import Found, cards_in, find
from imprimatur.dossier.questionnaire import Question

CARD = """---
license: apache-2.0
language: [zh, en]
base_model: lighthouse/渡船-base
base_model_relation: finetune
pipeline_tag: translation
datasets: [harbour-news, 港口问答]
---
# Ferryman-MT

Translation between eleven languages.

## Training Data

News of harbours, *see* the ledger: 1. licences
   - one  with blanks
"""
CROISSANT = {
    "@context": {"sc": "https://schema.org/"}, "@type": "sc:Dataset", "sc:name": "港口问答",
    "sc:license": "CC-BY-4.0",
}  # fmt: skip


def a_model(place: Path, name: str = "模型") -> Path:
    """Make the folder with a model card, Croissant metadata, weights, and names in Chinese."""
    folder = place / name
    (folder / "词表").mkdir(parents=True)
    (folder / "README.md").write_text(CARD)
    (folder / "croissant.json").write_text(json.dumps(CROISSANT))
    header = json.dumps({"w": {"dtype": "BF16", "shape": [1000, 10], "data_offsets": [0, 20_000]}}).encode()
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(header)) + header + bytes(20_000))
    (folder / "词表" / "一.json").write_text("{}")
    return folder


def writing(folder: Path | None = None, language: str = "en", version: str = "") -> Writing:
    """What a new draft about the folder is written from; about no folder, from no card at all."""
    questions = shipped.questionnaire(version) if version else shipped.newest()
    found = (
        find([(path.name, path) for path in cards_in(folder)], questions)
        if folder
        else Found((), (), (), None, ())
    )
    return Writing("imprimatur.yaml", "模型", found.cards, None, questions, found, language)


def answer(question: Question) -> str:
    """What a person might write after the colon."""
    if question.columns:
        return "".join(
            f"\n    {'- ' if not at else '  '}{one.key}: {answer(one)}"
            for at, one in enumerate(question.columns)
        )
    if question.options:
        code = question.options[0].code
        return f"[{code}]" if question.type == "choices" else code
    return {"number": "1", "date": "2026-10-01", "text": "有"}.get(
        question.type, "|-\n    已核对。\n    第二行"
    )


def write(file: Path, blank: str, **values: str) -> None:
    """Write a value behind each empty key of this indentation, as a person does."""
    text = file.read_text()
    for key, value in values.items():
        text = text.replace(f"\n{blank}{key}:\n", f"\n{blank}{key}: {value}\n")
    file.write_text(text)
