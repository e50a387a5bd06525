"""`imprimatur draft`: the dossier of a model as a file beside it, filled in with what its own files state."""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from imprimatur.dossier import shipped
from imprimatur.dossier.asked import questions_of
from imprimatur.dossier.draft_file import NAME, Draft, DraftInvalid, in_lines, load, outside
from imprimatur.dossier.draft_merging import merge
from imprimatur.dossier.draft_reading import read_draft
from imprimatur.dossier.draft_schema import schema_of
from imprimatur.dossier.draft_text import Bytes, Writing
from imprimatur.dossier.draft_words import LANGUAGES
from imprimatur.dossier.found import cards_in, find
from imprimatur.dossier.questionnaire import Questionnaire, problems
from imprimatur.durable import written_whole
from imprimatur.folder import FolderRefused, manifest_of
from imprimatur.outcome import Refusal, Status, Unclear, asks, say
from imprimatur.progress import Bar, is_wanted
from imprimatur.server import asks_for_server, server_of
from imprimatur.usage import Commands, add_command


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(
        commands,
        "draft",
        help="write the dossier of a model as a file to fill in",
        description="Writes imprimatur.yaml: which model is asked about, its bytes, and every question of the dossier. "
        "What the model card, Croissant metadata and the headers of safetensors files state is filled in, each with "
        "its place; nothing is guessed. The rest is for you to answer, and to review as you review code.\n\n"
        "Run it again when cards, weights or questions have changed: it fills in what is empty, renews the digest of "
        "the bytes, and never changes what you wrote. The file lies outside the folder, because the folder's bytes are "
        "what is approved.",
        statuses=(
            ("0", "written; what is missing is listed"),
            ("1", "the folder can't be named by a manifest, or the file can't be used as it stands"),
            ("2", "wrong usage, or something can't be read"),
        ),
        examples=(
            ("imprimatur draft model", "writes imprimatur.yaml beside the folder that you are in"),
            ("imprimatur draft model --language zh", "with the questions in Chinese"),
            ("imprimatur draft --schema > imprimatur.schema.json", "what completes the file in an editor"),
            ("imprimatur draft model --server https://imprimatur.example.org",
             "with the questions that the organisation uses, which may be its own"),
        ),
    )  # fmt: skip
    parser.add_argument("folder", type=Path, nargs="?", metavar="DIR", help="the folder of the model")
    parser.add_argument("--output", type=Path, default=Path(NAME), metavar="FILE", help=f"default: {NAME}")
    parser.add_argument(
        "--card", type=Path, action="append", default=[], metavar="FILE",
        help="a card to read besides those at the top of the folder, for example of a dataset; may be repeated",
    )  # fmt: skip
    parser.add_argument("--language", choices=sorted(LANGUAGES), default="en", help="of the comments")
    parser.add_argument("--schema", action="store_true", help="print the JSON Schema of the file instead")
    parser.add_argument("--no-manifest", action="store_true", help="don't hash the folder; submit will do it")
    asks_for_server(parser, required=False)
    asks(parser)
    parser.set_defaults(run=_run)


def _run(given: argparse.Namespace) -> int:
    folder, output = given.folder, given.output
    if given.schema:
        questions = questions_of(server_of(given)) if given.server else shipped.newest()
        sys.stdout.write(
            json.dumps(schema_of(questions, given.language), ensure_ascii=False, indent=2) + "\n"
        )
        return Status.DONE
    _check(folder, output)
    before = output.read_bytes().decode(errors="replace") if output.exists() else None
    questions = _questions(given, before)
    base = output.absolute().parent.resolve()
    cards = [*cards_in(folder), *given.card]
    named = [(_relative(path, base), path) for path in cards]
    found = find(named, questions)
    writing = Writing(
        name=output.name, folder=_relative(folder, base), cards=found.cards, bytes=_bytes(given),
        questionnaire=questions, found=found, language=LANGUAGES[given.language],
    )  # fmt: skip
    try:
        merged = merge(before, writing) if before is not None else None
        text = merged.text if merged else writing.text()
        draft = read_draft(load(text.encode()), questions)
    except DraftInvalid as fault:
        raise _refused(output, fault) from None
    if text != before:
        with written_whole(output) as file:
            file.write(text.encode())
    told: dict[str, Any] = {
        "file": str(output), "new": merged is None, "questionnaire": questions.version, "cards": list(found.cards),
        "filled": list(merged.filled) if merged else sorted(f"answers.{key}" for key in draft.answers),
        "left": list(merged.left) if merged else [], "doubts": list(found.doubts), "missing": missing(draft, questions),
    }  # fmt: skip
    say(given, _in_words(told, questions, len(draft.answers)), told)
    return Status.DONE


def _check(folder: Path | None, output: Path) -> None:
    if folder is None or not folder.is_dir():
        raise Unclear(f"{folder} is not a folder." if folder else "Name the folder of the model.")
    if not output.absolute().parent.is_dir():
        raise Unclear(f"{output.absolute().parent} is not a folder; make it first, or write elsewhere.")
    if not outside(output.absolute(), folder):
        better = os.path.relpath(folder.resolve().parent / output.name)
        raise Refusal(
            f"{output} would lie in the folder of the model and become part of what is approved. "
            f"Write it elsewhere, for example with --output {better}."
        )


def _questions(given: argparse.Namespace, before: str | None) -> Questionnaire:
    """Return the questions that the file answers already, else those in use on the server, else the newest shipped."""
    try:
        named = load(before.encode()).get("questionnaire") if before is not None else None
    except DraftInvalid as fault:
        raise _refused(given.output, fault) from None
    version = named if isinstance(named, str) else ""
    if given.server:
        return questions_of(server_of(given), version)
    if version and version not in shipped.versions():
        raise Unclear(
            f"{given.output} answers the questions {version}, which a server has: give --server URL."
        )
    return shipped.questionnaire(version) if version else shipped.newest()


def _bytes(given: argparse.Namespace) -> Bytes | None:
    if given.no_manifest:
        return None
    try:
        with Bar("Hashing", 0, shown=is_wanted(given)) as bar:
            manifest = manifest_of(given.folder, bar=bar)
    except FolderRefused as fault:
        raise Refusal(str(fault), folder=str(given.folder)) from None
    return Bytes(manifest.digest, len(manifest), bar.of)


def _relative(path: Path, base: Path) -> str:
    """Return the path from where the file lies, with forward slashes, links resolved in neither."""
    return Path(os.path.relpath(path.resolve(), base)).as_posix()


def missing(draft: Draft, questions: Questionnaire) -> list[dict[str, str]]:
    """Return what the file lacks: what the server has to know first, then the questions that are asked and required."""
    wanted = {
        "project": draft.project, "model": draft.model, "version.number": draft.version.get("number"),
        "version.channel": draft.version.get("channel"), "version.modalities": draft.version.get("modalities"),
        "request.purpose": draft.request.get("purpose"),
    }  # fmt: skip
    lacks = [
        {"entry": name, "number": "", "text": "", "topic": ""} for name, value in wanted.items() if not value
    ]
    for problem in problems(questions, draft.given):
        topic = questions.topic_of(problem.question.key)
        lacks.append({
            "entry": f"answers.{problem.question.key}", "number": problem.question.number,
            "text": problem.question.text.en, "topic": topic.title.en if topic else "",
        })  # fmt: skip
    return lacks


def _in_words(told: dict[str, Any], questions: Questionnaire, answered: int) -> str:
    lines = []
    if told["new"]:
        lines.append(
            f"Wrote {told['file']}: {answered} of {len(questions.questions)} questions answered by files."
        )
    elif told["filled"]:
        lines.append(f"Filled in {told['file']}: {', '.join(told['filled'])}.")
    else:
        lines.append(f"Nothing new for {told['file']}.")
    if told["left"]:
        lines.append(
            f"Fill in by hand, because the file is written in another way: {', '.join(told['left'])}."
        )
    lines += [f"Left out: {doubt}" for doubt in told["doubts"]]
    if facts := [one["entry"] for one in told["missing"] if not one["number"]]:
        lines.append(f"Missing: {', '.join(facts)}.")
    if asked := [one for one in told["missing"] if one["number"]]:
        lines.append(f"Missing answers, {len(asked)} so far (which are asked depends on the others):")
        topics: dict[str, list[str]] = {}
        for one in asked:
            topics.setdefault(one["topic"], []).append(one["number"])
        lines += [f"  {topic}: {', '.join(numbers)}" for topic, numbers in topics.items()]
    return "\n".join(lines)


def _refused(output: Path, fault: DraftInvalid) -> Refusal:
    return Refusal(
        f"{output} can't be used as it stands, so nothing was written.{in_lines(fault)}",
        problems=[{"line": one.line, "sentence": one.sentence} for one in fault.problems],
    )
