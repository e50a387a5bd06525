"""Reading what was sent: JSON strictly, and files as they come, encrypted, without holding them in memory."""

import json
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, NoReturn, cast

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.parser import Parser
from ninja.types import DictStrAny

from accounts.api.problems import Code, Problem
from accounts.api.visit import Visit, visit_of
from audit import files
from audit.file_names import harmless
from audit.upload_handler import EncryptedFile

JSON = "application/json"
DEEPEST = 32
_CHUNK = 256 * 1024
_UNKEEPABLE = re.compile("[\0\ud800-\udfff]")  # what PostgreSQL keeps in no text


@dataclass(frozen=True, slots=True)
class FileBody:
    """A body that is a file: the types under which it may be sent, and how many bytes it may have (asked each time)."""

    media_types: tuple[str, ...]
    largest: Callable[[], int]


class ReadAlready(Parser):
    """Gives ninja the body that `take_json` has read."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        """Return the body."""
        return cast("DictStrAny", visit_of(request).sent)


def check_address(request: HttpRequest, asked: Collection[str]) -> None:
    """Raise Problem for characters in the address that no name here has, and for parameters that nobody asked for."""
    texts = [
        request.path,
        *request.GET.keys(),
        *(text for _key, some in request.GET.lists() for text in some),
    ]
    if any(_UNKEEPABLE.search(text) for text in texts):
        raise Problem(Code.MALFORMED, _("The address holds the character NUL, or half of a character."))
    if unknown := sorted(request.GET.keys() - set(asked)):
        told = _("There is no such parameter here.")
        errors = [{"parameter": name, "detail": told} for name in unknown]
        raise Problem(Code.INVALID, _("The call holds what can't be taken like this."), errors=errors)


def take_json(request: HttpRequest, visit: Visit) -> None:
    """Read the body as everybody else would: no NaN, no key twice, nothing that a database couldn't keep.

    Raises Problem for another media type, and for what is no such JSON.
    """
    if request.content_type != JSON:
        raise _media_type(JSON)
    try:
        text = request.body.decode()
        visit.sent = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse, parse_float=_number)
        _check(visit.sent, DEEPEST)
    except (ValueError, RecursionError) as fault:
        raise _malformed() from fault


def take_file(request: HttpRequest, visit: Visit, body: FileBody) -> None:
    """Write the body to a draft while it comes; raises Problem for another type, too many bytes or too few."""
    if request.content_type not in body.media_types:
        raise _media_type(*body.media_types)
    largest = body.largest()
    announced = int(request.headers.get("Content-Length") or 0)
    draft = files.Draft()
    while announced <= largest and (chunk := request.read(_CHUNK)):
        draft.write(chunk)
        if draft.size > largest:
            break
    if max(announced, draft.size) > largest:
        raise Problem(
            Code.TOO_LARGE, _("This may have {megabytes} MB at most.").format(megabytes=largest // 1024**2),
            more={"largest": largest},
        )  # fmt: skip
    visit.came = draft.finish()
    if visit.came.size != announced:
        raise Problem(Code.MALFORMED, _("The body didn't arrive whole, so nothing was kept. Send it again."))
    name = harmless(request.GET.get("name", ""))
    visit.upload = EncryptedFile(draft, name, request.content_type or "", visit.came.size, None)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("A key stands twice.")
    return found


def _refuse(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number.")


def _number(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError("Larger than numbers are.")
    return number


def _check(found: object, depth: int) -> None:
    if depth < 0:
        raise ValueError("Deeper than anything here is.")
    if isinstance(found, str) and _UNKEEPABLE.search(found):
        raise ValueError("A text holds NUL or half of a character.")
    if isinstance(found, dict):
        for key in found:
            _check(key, depth)
    if isinstance(found, dict | list):
        for part in found.values() if isinstance(found, dict) else found:
            _check(part, depth - 1)


def _malformed() -> Problem:
    return Problem(
        Code.MALFORMED,
        _(
            "The body is no JSON that can be kept: look for a missing comma, a key that stands twice, NaN, or NUL."
        ),
    )


def _media_type(*types: str) -> Problem:
    accepted = ", ".join(types)
    return Problem(
        Code.WRONG_MEDIA_TYPE, _("Send the body with Content-Type: {types}.").format(types=accepted),
        headers={"Accept-Post": accepted},
    )  # fmt: skip
