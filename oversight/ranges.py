"""Parts of a file over HTTP (RFC 9110, section 14), so that a download that broke goes on where it stopped."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

CHUNK = 256 * 1024
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The bytes from `start` to `stop`, that one left out; `is_part` when that isn't all of the file."""

    start: int
    stop: int
    is_part: bool = False


def wanted(request: HttpRequest, size: int, etag: str) -> Wanted | None:
    """Return what the request asks for of a file with this many bytes, None for a part that it doesn't have.

    A part of another file than this one (If-Range), several parts at once and other units are answered with all of it,
    as the RFC allows.
    """
    asked = _RANGE.fullmatch(request.headers.get("Range", "").strip()) if request.method == "GET" else None
    other = request.headers.get("If-Range", etag) != etag
    if asked is None or other or asked.groups() == ("", ""):
        return Wanted(0, size)
    first, last = asked.groups()
    if not first:
        start, stop = max(0, size - int(last)), size
    else:
        start, stop = int(first), min(size, int(last) + 1) if last else size
        if last and int(last) < start:
            return Wanted(0, size)
    return Wanted(start, stop, is_part=True) if start < min(stop, size) else None


def answer(size: int, etag: str, part: Wanted | None, file: BinaryIO | None = None) -> HttpResponseBase:
    """Return the answer with that part; without a file (HEAD) what would stand above the bytes."""
    response: HttpResponseBase
    if part is None:
        response = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{size}"
    elif file is None:
        response = HttpResponse()
        response["Content-Length"] = str(part.stop - part.start)
    else:
        response = StreamingHttpResponse(_chunks(file, part), status=206 if part.is_part else 200)
        response["Content-Length"] = str(part.stop - part.start)
    if part is not None and part.is_part and file is not None:
        response["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = etag
    return response


def _chunks(file: BinaryIO, part: Wanted) -> Iterator[bytes]:
    with file:
        file.seek(part.start)
        left = part.stop - part.start
        while left and (chunk := file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
