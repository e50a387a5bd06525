"""What a file is shown as is decided by its bytes; markup is text, and what isn't known is not shown."""

import pytest

from compliance.rules.previews import LARGEST_PDF, Kind, is_too_large, sort_of, text_of


@pytest.mark.parametrize(
    ("head", "kind", "content_type"),
    [
        (b"\x89PNG\r\n\x1a\nrest", Kind.IMAGE, "image/png"),
        (b"\xff\xd8\xff\xe0rest", Kind.IMAGE, "image/jpeg"),
        (b"GIF89a...", Kind.IMAGE, "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", Kind.IMAGE, "image/webp"),
        (b"%PDF-1.7\n", Kind.PDF, "image/png"),
        (b"<script>alert(1)</script>%PDF-1.7", Kind.PDF, "image/png"),
        (b"<html><script>alert(1)</script></html>", Kind.TEXT, "text/plain; charset=utf-8"),
        (b"<svg onload='alert(1)'/>", Kind.TEXT, "text/plain; charset=utf-8"),
        ("评估记录".encode(), Kind.TEXT, "text/plain; charset=utf-8"),
        ("评估记录".encode()[:-1], Kind.TEXT, "text/plain; charset=utf-8"),
        ("评估记录".encode("gb18030"), Kind.TEXT, "text/plain; charset=utf-8"),
        ("评估".encode("utf-16"), Kind.TEXT, "text/plain; charset=utf-8"),
    ],
)
def test_the_bytes_say_what_is_shown(head: bytes, kind: Kind, content_type: str) -> None:
    found = sort_of(head)
    assert found is not None
    assert (found.kind, found.content_type) == (kind, content_type)


@pytest.mark.parametrize(
    "head", [b"PK\x03\x04zip", b"MZ\x90\x00", b"RIFF\x00\x00\x00\x00WAVE", b"\x7fELF", b"a\x00b"]
)
def test_what_is_not_known_is_not_shown(head: bytes) -> None:
    assert sort_of(head) is None


def test_a_text_is_read_in_its_encoding_and_is_whole_unless_it_was_cut() -> None:
    assert text_of("测试".encode("utf-16"), cut=False) == "测试"
    assert text_of(b"\xef\xbb\xbfa", cut=False) == "a"
    assert text_of("测".encode("gb18030"), cut=False) == "测"
    assert text_of(b"\xff\xff\xff", cut=True) is None
    assert is_too_large(Kind.PDF, LARGEST_PDF + 1)
    assert not is_too_large(Kind.TEXT, 10**12)
