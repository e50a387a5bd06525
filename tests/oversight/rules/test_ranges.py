"""Parts of a file over HTTP, as RFC 9110 (section 14) has them."""

import io

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from oversight.ranges import Wanted, answer, wanted

CONTENT = bytes(range(256)) * 4
SIZE, ETAG = len(CONTENT), '"abc"'
WHOLE = Wanted(0, SIZE)


def asked(headers: dict[str, str], method: str = "GET") -> Wanted | None:
    request = RequestFactory().generic(method, "/", headers=headers)
    return wanted(request, SIZE, ETAG)


@pytest.mark.parametrize(
    ("said", "start", "stop"),
    [("bytes=0-0", 0, 1), ("bytes=0-1023", 0, 1024), ("bytes=10-", 10, 1024), ("bytes=-4", 1020, 1024),
     ("bytes=1000-99999", 1000, 1024), ("bytes=-99999", 0, 1024), ("bytes=1023-1023", 1023, 1024)],
)  # fmt: skip
def test_a_part_is_what_was_asked_for(said: str, start: int, stop: int) -> None:
    assert asked({"Range": said}) == Wanted(start, stop, is_part=True)


@pytest.mark.parametrize("said", ["bytes=1024-", "bytes=1024-2000", "bytes=99999-", "bytes=-0"])
def test_a_part_that_is_not_there_is_refused(said: str) -> None:
    assert asked({"Range": said}) is None


@pytest.mark.parametrize(
    "said",
    [
        "",
        "bytes=",
        "bytes=-",
        "bytes=5-2",
        "bytes=0-1,5-6",
        "lines=1-2",
        "bytes=a-b",
        "bytes=٣-",
        "bytes=0x1-",
    ],
)
def test_what_is_no_part_is_answered_with_all_of_it(said: str) -> None:
    assert asked({"Range": said}) == WHOLE


def test_of_another_file_than_the_one_begun_all_of_it_comes() -> None:
    assert asked({"Range": "bytes=10-", "If-Range": '"other"'}) == WHOLE
    assert asked({"Range": "bytes=10-", "If-Range": "Tue, 24 Nov 2026 09:00:00 GMT"}) == WHOLE
    assert (
        asked({"Range": "bytes=10-", "If-Range": f"W/{ETAG}"}) == WHOLE
    )  # only the strong one names these bytes
    assert asked({"Range": "bytes=10-", "If-Range": ETAG}) == Wanted(10, SIZE, is_part=True)


def test_a_question_for_the_head_has_no_parts() -> None:
    assert asked({"Range": "bytes=10-"}, "HEAD") == WHOLE


def test_the_parts_of_a_broken_download_make_the_file() -> None:
    first = answer(SIZE, ETAG, Wanted(0, 700, is_part=True), io.BytesIO(CONTENT))
    rest = answer(SIZE, ETAG, Wanted(700, SIZE, is_part=True), io.BytesIO(CONTENT))
    assert isinstance(first, StreamingHttpResponse)
    assert isinstance(rest, StreamingHttpResponse)
    assert first.getvalue() + rest.getvalue() == CONTENT
    assert (rest.status_code, rest["Content-Range"], rest["Content-Length"]) == (
        206,
        "bytes 700-1023/1024",
        "324",
    )


def test_the_whole_file_says_that_it_comes_in_parts_too() -> None:
    response = answer(SIZE, ETAG, WHOLE, io.BytesIO(CONTENT))
    assert isinstance(response, StreamingHttpResponse)
    assert response.getvalue() == CONTENT
    assert (response.status_code, response["Accept-Ranges"], response["ETag"]) == (200, "bytes", ETAG)
    assert "Content-Range" not in response


def test_a_refused_part_says_how_long_the_file_is() -> None:
    response = answer(SIZE, ETAG, None)
    assert isinstance(response, HttpResponse)
    assert (response.status_code, response["Content-Range"], response.content) == (416, "bytes */1024", b"")
