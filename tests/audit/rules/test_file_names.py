"""Names of files: harmless, whatever somebody calls them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.file_names import MOST_BYTES, harmless


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("report.pdf", "report.pdf"),
        ("权重 说明.pdf", "权重 说明.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\report.pdf", "report.pdf"),
        ("/", "file"),
        ("..", "file"),
        ("", "file"),
        (".htaccess", "htaccess"),
        ("invoice\u202egpj.exe", "invoicegpj.exe"),
        ("a\u2066b\u200fc.txt", "abc.txt"),
        ("two\nlines\r.txt", "twolines.txt"),
        ("nul\x00.txt", "nul.txt"),
        ("many   blanks .txt", "many blanks .txt"),
        ("e\u0301.txt", "\u00e9.txt"),
        ("half\ud800.txt", "half.txt"),
    ],
)
def test_what_harms_or_deceives_is_left_out(given_name: str, name: str) -> None:
    assert harmless(given_name) == name


def test_a_long_name_keeps_its_extension() -> None:
    name = harmless("长" * 200 + ".safetensors")
    assert name.endswith("长.safetensors")
    assert len(name.encode()) <= MOST_BYTES


def test_a_long_extension_is_no_extension() -> None:
    assert len(harmless("a." + "b" * 400).encode()) <= MOST_BYTES


@given(st.text())
def test_any_name_becomes_one_that_is_short_plain_and_stays(text: str) -> None:
    name = harmless(text)
    assert 0 < len(name.encode()) <= MOST_BYTES
    assert not set(name) & set("/\\\x00\n\r\u202e\u2066")
    assert harmless(name) == name
