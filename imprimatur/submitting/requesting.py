"""The request for a version: the open one, or a new draft; what it lacks; submitting it."""

from collections.abc import Mapping
from typing import Any

from imprimatur.dossier.draft_file import Draft
from imprimatur.outcome import Refusal
from imprimatur.server import Answered, Server, key_of
from imprimatur.submitting.place import Place, digest_of

OPEN = ("draft", "submitted", "triage", "in_review")
EDITABLE = ("draft", "in_review")
MANIFEST, NOTHING_CHANGED = "manifest", "nothing_changed"


def newest_request(server: Server, version: int) -> dict[str, Any] | None:
    """Return the newest request for the version that this person sees."""
    found: list[dict[str, Any]] = server.get("/requests", version=version, limit=1)["items"]
    return found[0] if found else None


def open_request(server: Server, version: int, draft: Draft) -> tuple[dict[str, Any], bool]:
    """Return the request that is open for the version, or a new draft of one, and whether it is new."""
    present = newest_request(server, version)
    if present is not None and present["state"] in OPEN:
        return present, False
    sent = {
        "version": version, "purpose": draft.request["purpose"], "language": draft.request.get("language", "en"),
        "questionnaire": draft.questionnaire, "amends": draft.request.get("continues", ""),
    }  # fmt: skip
    before = present["reference"] if present else ""
    return server.post("/requests", sent, key=key_of("request", repr(sent), before)), True


def keep_purpose(server: Server, request: Mapping[str, Any], draft: Draft) -> bool:
    """Say what is asked as the file says it, while the request is a draft; return whether that was a change."""
    if request["state"] != "draft" or request["purpose"] == draft.request["purpose"]:
        return False
    server.put(f"/requests/{request['reference']}/purpose", {"purpose": draft.request["purpose"]})
    return True


def submit(server: Server, reference: str, draft: Draft, state: str) -> dict[str, Any] | None:
    """Submit the dossier and return its revision, None when nothing has changed since the last one.

    Raises Incomplete with everything that is missing.
    """
    request = server.get(f"/requests/{reference}")
    numbers = [str(one["number"]) for one in request["revisions"]]
    why = draft.request.get("why", "")
    try:
        revision: dict[str, Any] = server.post(
            f"/requests/{reference}/revisions",
            {"why": why},
            key=key_of(reference, "revision", *numbers, why, state),
        )
    except Answered as fault:
        gaps = fault.problem.get("gaps")
        if fault.code != "incomplete" or not isinstance(gaps, list):
            raise
        faults = [gap.get("fault") for gap in gaps]
        if NOTHING_CHANGED in faults and len(set(faults) - {NOTHING_CHANGED, "why"}) == 0:
            return None
        raise Incomplete(gaps) from None
    return revision


class Incomplete(Exception):  # noqa: N818  (it's an answer)
    """The dossier has gaps."""

    def __init__(self, gaps: list[dict[str, Any]]) -> None:
        super().__init__(f"{len(gaps)} gaps")
        self.gaps = gaps


def is_submitted(server: Server, request: Mapping[str, Any], place: Place, draft: Draft, digest: str) -> bool:
    """Say whether the last revision of a submitted request has these bytes, and all that the file says."""
    if request["state"] not in {"submitted", "triage"}:
        return False
    reference = request["reference"]
    number = server.get(f"/requests/{reference}")["revisions"][-1]["number"]
    frozen = server.get(f"/requests/{reference}/revisions/{number}")["content"]
    answers = {one["question"]: one for one in frozen["answers"]}
    files = {(one["question"], file["sha256"]) for one in frozen["answers"] for file in one["files"]}
    named = [
        (key, place.path(name)) for key, names in draft.files.items() if key in answers for name in names
    ]
    return (
        (frozen["manifest"]["sha256"], frozen["purpose"]) == (digest, draft.request["purpose"])
        and all(answers[key]["value"] == value for key, value in draft.answers.items() if key in answers)
        and all((key, digest_of(path)) in files for key, path in named)
    )


def why_not_change(request: Mapping[str, Any]) -> Refusal | None:
    """Return why nothing of the request can be changed now, None when it can."""
    if request["state"] in EDITABLE:
        return None
    return Refusal(
        f"{request['reference']} can't be changed now: {request['state_in_words']}. It waits for "
        f"{request['waits_for'] or 'nobody'}.",
        reference=request["reference"], state=request["state"], address=request["address"],
    )  # fmt: skip
