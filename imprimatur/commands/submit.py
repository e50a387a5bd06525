"""`imprimatur submit`: bring what an imprimatur.yaml says to its request on the server, and submit it."""

import argparse
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from imprimatur.commands.draft import missing
from imprimatur.dossier.asked import questions_of
from imprimatur.dossier.draft_file import Draft
from imprimatur.dossier.questionnaire import Questionnaire
from imprimatur.folder import FolderRefused, manifest_of
from imprimatur.manifest import Manifest
from imprimatur.outcome import Refusal, Status, asks, say
from imprimatur.progress import Bar, is_wanted
from imprimatur.server import SERVER, TOKEN, Answered, Server, asks_for_server, server_of
from imprimatur.submitting import registering, requesting, sending
from imprimatur.submitting.place import Place, check_paths, find_place
from imprimatur.usage import Commands, add_command


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(
        commands,
        "submit",
        help="bring the dossier to the server and submit it",
        description="Reads imprimatur.yaml, hashes the folder that it names, registers the version if the server "
        "doesn't have it, drafts the request or goes on with the one that is open, and brings there what differs: "
        "manifest, answers, files, cards. Then it submits the request. Of the model only its manifest leaves the "
        "machine, and of its weights the header.\n\n"
        "It may be run again at any time: what is there already isn't sent again, and a run that was cut off goes on "
        "where it stood. Answers that somebody else gave on the pages stay, unless --overwrite is given.",
        statuses=(
            ("0", "submitted, or nothing has changed since; with --draft-only: the draft is there"),
            ("1", "something is missing or refused; each question is named with its number and its page"),
            ("2", "wrong usage, something can't be read, or the server is out of reach"),
        ),
        examples=(
            ("imprimatur submit imprimatur.yaml --server https://imprimatur.example.org",
             f"with the token in {TOKEN}"),
            ("imprimatur submit model --draft-only", f"everything but the last step; {SERVER} names the server"),
        ),
    )  # fmt: skip
    parser.add_argument(
        "place", type=Path, metavar="DIR_OR_FILE", help="folder of the model, or an imprimatur.yaml"
    )
    asks_for_server(parser)
    parser.add_argument("--draft-only", action="store_true", help="stop before the request is submitted")
    parser.add_argument("--new", action="store_true", help="open project and model if they aren't there")
    parser.add_argument("--overwrite", action="store_true", help="send answers over those that others gave")
    asks(parser)
    parser.set_defaults(run=_run)


@dataclass(slots=True)
class Run:
    """What was done so far, as it is told at the end."""

    given: argparse.Namespace
    server: Server
    place: Place
    draft: Draft
    questions: Questionnaire
    told: dict[str, Any] = field(default_factory=dict)

    def step(self, sentence: str, **found: Any) -> None:  # noqa: ANN401  (what JSON can hold)
        """Say on stderr what was done, and remember it."""
        self.told |= found
        if not (self.given.json or self.given.quiet):
            sys.stderr.write(f"{sentence}\n")


def _run(given: argparse.Namespace) -> int:
    place = find_place(given.place)
    server = server_of(given)
    try:
        me = server.get("/me")
        questions = questions_of(server, place.questionnaire)
        draft = place.read(questions)
        return _submit(Run(given, server, place, draft, questions), me["id"])
    except Answered as fault:
        raise registering.refused(fault) from None


def _submit(run: Run, me: int) -> int:
    folder = check_paths(run.place, run.draft)
    if lacks := [one["entry"] for one in missing(run.draft, run.questions) if not one["number"]]:
        raise Refusal(
            f"{run.place.file} doesn't say yet: {', '.join(lacks)}. Nothing was sent.", missing=lacks
        )
    manifest, size = _hashed(run, folder)
    version, made = registering.register(run.server, run.draft, new=run.given.new)
    if made:
        run.step(f"Registered {', '.join(made)}.", registered=made)
    request, is_new = requesting.open_request(run.server, version["id"], run.draft)
    reference = request["reference"]
    run.step(
        f"{'Drafted' if is_new else 'Found'} {reference}.",
        reference=reference, address=request["address"], drafted=is_new,
    )  # fmt: skip
    if refusal := requesting.why_not_change(request):
        if requesting.is_submitted(run.server, request, run.place, run.draft, manifest.digest):
            return _end(run, Status.DONE, f"{reference} is submitted already. {request['address']}", [])
        raise refusal
    if (version["manifest"] or {}).get("sha256") != manifest.digest:
        run.server.put_text(f"/versions/{version['id']}/manifest", manifest.render(), total_size=size)
        run.step(
            f"Attached the manifest {manifest.digest[:16]}…, {len(manifest):,} files.",
            manifest=manifest.digest,
        )
    requesting.keep_purpose(run.server, request, run.draft)
    _bring(run, reference, me)
    if run.given.draft_only:
        gaps = run.server.get(f"/requests/{reference}/dossier")["gaps"]
        return _end(run, Status.DONE, f"{reference} is drafted, not submitted: {request['address']}", gaps)
    return _hand_in(run, reference, request["address"])


def _hashed(run: Run, folder: Path) -> tuple[Manifest, int]:
    try:
        with Bar("Hashing", 0, shown=is_wanted(run.given)) as bar:
            manifest = manifest_of(folder, bar=bar)
    except FolderRefused as fault:
        raise Refusal(str(fault), folder=str(folder)) from None
    if run.draft.manifest and run.draft.manifest != manifest.digest:
        raise Refusal(
            f"{folder.name} has other bytes than {run.place.file} names ({manifest.digest[:16]}…, not "
            f"{run.draft.manifest[:16]}…). Run imprimatur draft again if they are meant.",
            manifest=manifest.digest, named=run.draft.manifest,
        )  # fmt: skip
    return manifest, bar.of


def _bring(run: Run, reference: str, me: int) -> None:
    """Bring answers, files and cards to the dossier."""
    dossier = run.server.get(f"/requests/{reference}/dossier")
    if dossier["questionnaire"] != run.questions.version:
        raise Refusal(
            f"{reference} answers the questions {dossier['questionnaire']}, {run.place.file} those of "
            f"{run.questions.version}. Write “questionnaire: {dossier['questionnaire']}” and run imprimatur draft."
        )
    if dossier["why_not_edit"]:
        raise Refusal(dossier["why_not_edit"], reference=reference)
    try:
        answers = sending.send_answers(
            run.server, reference, run.draft, dossier, run.questions, me=me, overwrite=run.given.overwrite
        )
    except sending.Conflict as fault:
        raise Refusal(
            f"Somebody else answered {fault} on the pages, otherwise than the file does. Bring the file up to date, or "
            "send yours over it with --overwrite.",
            reference=reference, conflicts=fault.numbers,
        ) from None  # fmt: skip
    files = sending.send_files(
        run.server, reference, run.place, run.draft, dossier, shown=is_wanted(run.given)
    )
    cards = sending.send_cards(run.server, reference, run.place, run.draft)
    run.step(
        f"Sent {len(answers)} answers and {len(files)} files; {len(run.draft.answers) - len(answers)} answers were "
        "there already.",
        answers=answers, files=files, cards=cards,
    )  # fmt: skip
    if numbers := sending.only_there(run.draft, dossier, run.questions):
        run.step(f"Answered on the pages only, and left so: {', '.join(numbers)}.", only_there=numbers)


def _hand_in(run: Run, reference: str, address: str) -> int:
    try:
        revision = requesting.submit(
            run.server, reference, run.draft, run.place.file.read_text(errors="replace")
        )
    except requesting.Incomplete as fault:
        return _end(run, Status.REFUSED, f"{reference} was not submitted: something is missing.", fault.gaps)
    if revision is None:
        return _end(
            run, Status.DONE, f"{reference}: nothing has changed since the last revision. {address}", []
        )
    run.told["revision"] = revision
    return _end(run, Status.DONE, f"{reference}: revision {revision['number']} is submitted. {address}", [])


def _end(run: Run, status: Status, sentence: str, gaps: list[dict[str, Any]]) -> int:
    for gap in gaps:
        gap["address"] = f"{run.server.base}{gap['address']}"
    lines = [sentence]
    for topic in dict.fromkeys(gap["topic"] for gap in gaps):
        found = run.questions.topic(topic) if topic else None
        lines.append(f"  {found.number} {found.title.en}" if found else "  The whole")
        for gap in gaps:
            if gap["topic"] == topic:
                name = f"{gap['number']} {gap['question']}: " if gap["question"] else ""
                lines += [f"    {name}{gap['words']}", f"      {gap['address']}"]
    say(run.given, "\n".join(lines), {**run.told, "submitted": "revision" in run.told, "missing": gaps})
    return status
