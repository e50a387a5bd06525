"""What the template of minutes needs besides the frozen context: its parts, and who was there when."""

from collections.abc import Mapping
from typing import Any, cast

from django.utils.translation import gettext as _

from records.kinds import Context
from records.minutes_context import MinutesContext
from records.press.page import Part, numbered_parts


def values(context: Context) -> Mapping[str, object]:
    """Return them, in the language of the record."""
    minutes = cast(MinutesContext, context)
    return {
        "parts": parts_of(minutes),
        "present": sum(person["presence"] == "present" for person in minutes["attendance"]),
        "decided": [item for item in minutes["items"] if item["votes"] or item["state"] != "discussed"],
    }


def parts_of(minutes: MinutesContext) -> list[Part]:
    """Return the parts that have something to say: attendance, an item each, what else there was, the proof."""
    found: list[tuple[str, str, Any, str]] = [(_("Attendance"), "minutes/attendance", None, "pb")]
    found += [(item["title"], "minutes/item", item, "") for item in minutes["items"]]
    if minutes["other_business"] or minutes["closing"]:
        title = _("Other business and closing") if minutes["other_business"] else _("Closing")
        found.append((title, "minutes/closing", None, ""))
    found.append((_("Verification"), "minutes/proof", None, ""))
    found.append((_("Seal"), "seal", None, "whole"))
    return numbered_parts(found)
