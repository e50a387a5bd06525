"""What the template of a review record needs besides the frozen context: its parts, its tallies, its figures."""

from collections.abc import Mapping
from typing import cast

from django.utils.translation import gettext as _

from records.context import Ballot, Board, ReviewContext
from records.kinds import Context
from records.press.figures import NAMES_UP_TO, clock_figure, quorum_figure
from records.press.page import Part, numbered_parts


def values(context: Context) -> Mapping[str, object]:
    """Return them, in the language of the record."""
    review = cast(ReviewContext, context)
    ballots = [ballot for board in review["boards"] for ballot in board["ballots"]]
    return {
        "parts": parts_of(review),
        "tallies": _deciding_ballots(review),
        "figures": [(ballot["number"], quorum_figure(ballot)) for ballot in ballots],
        "numbered": any(len(ballot["seats"]) > NAMES_UP_TO for ballot in ballots),
        "blocking": [condition for condition in review["conditions"] if condition["blocks_release"]],
        "minority": [
            opinion["author"] for board in review["boards"] for opinion in board["minority_opinions"]
        ],
        "clock": clock_figure(review["clock"]),
    }


def parts_of(context: ReviewContext) -> list[Part]:
    """Return the parts that have something to say, numbered in reading order."""
    found: list[tuple[str, str, Board | None, str]] = [(_("Request and model"), "request", None, "pb")]
    found += [(board["name"], "board", board, "") for board in context["boards"]]
    if context["conditions"]:
        found.append((_("Conditions"), "conditions", None, ""))
    if context["dossier"]:
        found.append((_("Dossier"), "dossier", None, ""))
    if context["findings"]:
        found.append((_("Findings and how they ended"), "findings", None, ""))
    if context["questions"]:
        found.append((_("Questions and answers"), "questions", None, ""))
    if context["checks"]:
        found.append((_("Compliance checklists"), "checks", None, ""))
    if context["timeline"]:
        found.append((_("Timeline"), "timeline", None, ""))
    found.append((_("Verification"), "proof", None, ""))
    found.append((_("Signatures"), "signatures", None, "whole"))
    return numbered_parts(found)


def _deciding_ballots(context: ReviewContext) -> list[tuple[Board, Ballot]]:
    """Return for each board the last ballot on a motion, which decided or came nearest to it."""
    return [
        (board, [ballot for ballot in board["ballots"] if ballot["kind"] != "override"][-1])
        for board in context["boards"]
        if any(ballot["kind"] != "override" for ballot in board["ballots"])
    ]
