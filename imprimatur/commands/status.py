"""`imprimatur status`: where a request stands, for whom it waits, and whether its approval is in force."""

import argparse
import re
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from imprimatur.dossier.asked import questions_of
from imprimatur.outcome import Refusal, Status, asks, say
from imprimatur.server import Answered, Server, asks_for_server, server_of
from imprimatur.submitting import registering, requesting
from imprimatur.submitting.place import find_place
from imprimatur.usage import Commands, add_command

REFERENCE = re.compile(r"[A-Z]{2,10}-[0-9]{4}-[0-9]{4,8}")
PAUSE = 15.0  # seconds between two looks while waiting
OVER = ("rejected", "withdrawn", "expired", "superseded")
APPROVED = ("approved", "released")


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(
        commands,
        "status",
        help="say where a request stands",
        description="Says where a request stands, for whom it waits and until when, which conditions are open, and "
        "what you can do next. For a folder or an imprimatur.yaml it is the newest request for that version, and the "
        "approval has to be of the bytes that the file names.\n\n"
        "It asks the server. Before you ship, imprimatur gate decides without it, by what was signed.",
        statuses=(
            ("0", "approved and in force"),
            ("1", "not, or not yet"),
            ("2", "it can't be told: wrong usage, or the server is out of reach"),
        ),
        examples=(
            ("imprimatur status IMP-2026-0008 --server https://imprimatur.example.org", "one request"),
            ("imprimatur status model --wait 3600", "the request for a model; ends when it is decided, or in an hour"),
        ),
    )  # fmt: skip
    parser.add_argument(
        "what", metavar="REFERENCE_OR_DIR", help="IMP-2026-0008, a folder, or an imprimatur.yaml"
    )
    asks_for_server(parser)
    parser.add_argument(
        "--wait", type=_seconds, default=0.0, metavar="SECONDS", help="wait for the decision so long"
    )
    asks(parser)
    parser.set_defaults(run=_run)


def _seconds(text: str) -> float:
    if not text.isascii() or not text.isdecimal() or len(text) > 7:
        raise argparse.ArgumentTypeError(f"{text} is no whole number of seconds")
    return float(text)


def _run(given: argparse.Namespace) -> int:
    server = server_of(given)
    try:
        reference, bytes_named = _request(server, given.what)
        request = server.get(f"/requests/{reference}")
        until = time.monotonic() + given.wait
        while _is_open(request) and time.monotonic() < until:
            server.wait(min(PAUSE, max(0.0, until - time.monotonic())))
            request = server.get(f"/requests/{reference}")
    except Answered as fault:
        if fault.status == 404:
            raise Refusal(f"You see no request {given.what} at {server.base}.") from None
        raise registering.refused(fault) from None
    why_not = why_not_in_force(request, bytes_named, datetime.now(UTC).date())
    lies = places(request)
    words = [*in_words(request, why_not), *(f"{what}: {address}" for what, address in lies.items())]
    say(given, "\n".join(words), {"in_force": why_not is None, "why_not": why_not, **lies, **request})
    return Status.DONE if why_not is None else Status.REFUSED


def _request(server: Server, what: str) -> tuple[str, str]:
    """Return the reference, and the digest of the bytes that it has to be about, "" for any."""
    if REFERENCE.fullmatch(what):
        return what, ""
    place = find_place(Path(what))
    draft = place.read(questions_of(server, place.questionnaire))
    if not (draft.project and draft.model and draft.version.get("number")):
        raise Refusal(f"{place.file} doesn't say yet which project, model and version it is about.")
    version = registering.find_version(server, draft)
    newest = requesting.newest_request(server, version["id"]) if version else None
    if newest is None:
        name = f"{draft.model} {draft.version['number']}"
        raise Refusal(f"There is no request for {name}. Make one with imprimatur submit.")
    return newest["reference"], draft.manifest


def why_not_in_force(request: dict[str, Any], bytes_named: str, today: date) -> str | None:
    """Say why nothing may be shipped on this request, None when it is approved, in force, and about these bytes."""
    decision = request["decision"]
    if request["state"] not in APPROVED or decision is None:
        return f"{request['state_in_words']}."
    if decision["suspension"]:
        return f"Suspended: {decision['suspension']['reason']}"
    if decision["status"] != "in_force":
        return f"The decision is not in force: {decision['status']}."
    if decision["valid_from"] and date.fromisoformat(decision["valid_from"]) > today:
        return f"Approved from {decision['valid_from']} on."
    if decision["valid_until"] and date.fromisoformat(decision["valid_until"]) < today:
        return f"The approval ended on {decision['valid_until']}."
    if blocking := [one for one in request["conditions"] if one["blocks_release"] and _is_unmet(one)]:
        numbers = ", ".join(str(one["number"]) for one in blocking)
        return f"Conditions that block the release are not met: {numbers}."
    if bytes_named and decision["manifest_sha256"] != bytes_named:
        return f"Other bytes were approved: {decision['manifest_sha256'][:16]}…, not {bytes_named[:16]}…."
    return None


def places(request: dict[str, Any]) -> dict[str, str]:
    """Return where a pipeline finds what imprimatur gate asks for, as the server names it once there is an approval."""
    named = request["pipeline"] or {}
    return {what: named[what] for what in ("attestation", "status_list", "keys") if what in named}


def in_words(request: dict[str, Any], why_not: str | None) -> list[str]:
    """Return what is to be said of the request, line by line."""
    version = request["version"]
    stands = f"{request['state_in_words']}, since {_day(request['state_since'])}"
    lines = [
        f"{request['reference']}  {version['model']} {version['number']}: {stands}",
        "Approved and in force." if why_not is None else f"Not in force. {why_not}",
    ]
    decision = request["decision"]
    if decision and decision["valid_until"]:
        lines.append(f"Valid until {decision['valid_until']}.")
    if request["waits_for"]:
        due = (
            f" until {_day(request['due'])}{', late' if request['is_late'] else ''}" if request["due"] else ""
        )
        lines.append(f"Waits for {request['waits_for']}{due}.")
    for step in request["next_steps"]:
        until = step["until"] or step["by"]
        lines.append(f"You: {step['sentence']}{f' Until {_day(until)}.' if until else ''} {step['address']}")
    if not request["next_steps"] and request["otherwise"]:
        lines.append(request["otherwise"])
    for one in request["conditions"]:
        blocks = ", blocks the release" if one["blocks_release"] else ""
        lines.append(f"Condition {one['number']} ({one['state']}, due {one['due']}{blocks}): {one['text']}")
    return [*lines, request["address"]]


def _is_open(request: dict[str, Any]) -> bool:
    return request["state"] not in (*OVER, *APPROVED)


def _is_unmet(condition: dict[str, Any]) -> bool:
    return condition["state"] not in {"met", "waived"}


def _day(moment: str) -> str:
    return moment[:10]
