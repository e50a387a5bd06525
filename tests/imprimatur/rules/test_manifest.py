"""The manifest: what is read, what is refused on which line, and that its digest is that of the shell's one line."""

import hashlib
import re
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imprimatur.manifest import MOST_PROBLEMS, Manifest, ManifestInvalid, Reason, compare, of, parse

A, B = "a" * 64, "b" * 64


def problems(text: str | bytes) -> list[tuple[int, str]]:
    with pytest.raises(ManifestInvalid) as caught:
        parse(text.encode() if isinstance(text, str) else text)
    return [(problem.line, problem.reason.value) for problem in caught.value.problems]


def test_lines_in_any_order_give_the_same_sorted_text() -> None:
    one = parse(f"{A}  weights.bin\n{B}  config.json\n".encode())
    other = parse(f"{B}  config.json\n{A}  weights.bin\n".encode())
    assert one == other
    assert one.render() == f"{B}  config.json\n{A}  weights.bin\n".encode()
    assert one.digest == hashlib.sha256(one.render()).hexdigest()
    assert len(one) == 2


def test_a_last_line_without_its_line_feed_counts() -> None:
    assert parse(f"{A}  a".encode()) == parse(f"{A}  a\n".encode())


def test_names_may_have_blanks_stars_and_any_script() -> None:
    files = {
        "two  blanks.txt": A,
        " leading": B,
        "*star": A,
        "权重/分片-1.bin": B,
        "a:b": A,
        "...": B,
        "..a/b.": A,
    }
    assert parse(of(files).render()).files == files


def test_sorting_is_by_the_bytes_of_the_path() -> None:
    manifest = of(dict.fromkeys(["a/b", "a-b", "a.b", "B", "é", "\U0001f600", "\uffee"], A))
    assert list(manifest.files) == sorted(manifest.files, key=str.encode)
    assert list(manifest.files) == ["B", "a-b", "a.b", "a/b", "é", "\uffee", "\U0001f600"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (f"{A}  a\r", Reason.CARRIAGE_RETURN),
        (f"{'A' * 64}  a", Reason.UPPER_CASE),
        (f"{A} *a", Reason.BINARY_MARK),
        (f"\\{A}  a\\nb", Reason.ESCAPED_NAME),
        (f"{A}  a\\b", Reason.ESCAPED_NAME),
        (f"{A}  /etc/passwd", Reason.ABSOLUTE_PATH),
        (f"{A}  ../a", Reason.LEAVES_FOLDER),
        (f"{A}  a/../b", Reason.LEAVES_FOLDER),
        (f"{A}  a/..", Reason.LEAVES_FOLDER),
        (f"{A}  ./a", Reason.UNCLEAN_PATH),
        (f"{A}  a//b", Reason.UNCLEAN_PATH),
        (f"{A}  a/", Reason.UNCLEAN_PATH),
        (f"{A}  a/./b", Reason.UNCLEAN_PATH),
        (f"{A}  a\tb", Reason.CONTROL_CHARACTER),
        (f"{A}  a\x00b", Reason.CONTROL_CHARACTER),
        (f"{A}  a\x7f", Reason.CONTROL_CHARACTER),
        (f"{A}  ", Reason.NOT_A_LINE),
        (f"{A} a", Reason.NOT_A_LINE),
        (f"{A}\ta", Reason.NOT_A_LINE),
        (f"{A[:63]}  a", Reason.NOT_A_LINE),
        (f"{A[:63]}g  a", Reason.NOT_A_LINE),
        ("SHA256 (a) = " + A, Reason.NOT_A_LINE),
        ("", Reason.BLANK_LINE),
        (f"{A}  first", Reason.DUPLICATE),
        (f"{B}  first", Reason.DUPLICATE),
        (f"{A}  first/below", None),
    ],
)
def test_each_wrong_line_is_named_with_its_reason(line: str, reason: Reason | None) -> None:
    text = f"{B}  first\n{line}\n{B}  last\n"
    if reason is None:
        assert problems(text) == [(1, "file_and_folder")]
    else:
        assert problems(text) == [(2, reason.value)]


def test_all_wrong_lines_are_named_at_once() -> None:
    assert problems(f"{A} *a\n{A}  b\n{A}  /c\n") == [(1, "binary_mark"), (3, "absolute_path")]


def test_no_more_than_a_hundred_are_listed_but_all_are_counted() -> None:
    with pytest.raises(ManifestInvalid) as caught:
        parse(b"x\n" * 250)
    assert (len(caught.value.problems), caught.value.count) == (MOST_PROBLEMS, 250)
    assert str(caught.value).startswith("line 1: expected 64")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"", [(0, "empty")]),
        (b"\n", [(1, "blank_line")]),
        (f"{A}  a\n{B}  ".encode() + b"\xff\n", [(2, "not_utf8")]),
        (f"\ufeff{A}  a\n".encode(), [(1, "byte_order_mark")]),
        (f"{A}  a\n".encode("utf-16"), [(1, "not_utf8")]),
        (f"{A}  \ud800\n".encode("utf-8", "surrogatepass"), [(1, "not_utf8")]),
    ],
)
def test_what_is_no_text_is_refused(text: bytes, expected: list[tuple[int, str]]) -> None:
    assert problems(text) == expected


PARTS = st.text(
    st.characters(codec="utf-8", min_codepoint=32, exclude_characters="\\/\x7f"), min_size=1
).filter(lambda part: part not in {".", ".."})
PATHS = st.lists(PARTS, min_size=1, max_size=4).map("/".join)
DIGESTS = st.binary(min_size=32, max_size=32).map(bytes.hex)


@given(st.dictionaries(PATHS, DIGESTS, min_size=1, max_size=20))
def test_what_is_written_is_read_again(files: dict[str, str]) -> None:
    folders = {path[: at.start()] for path in files for at in re.finditer("/", path)}
    if folders & files.keys():
        with pytest.raises(ManifestInvalid):
            of(files)
        return
    manifest = of(files)
    assert manifest.files == files
    assert parse(manifest.render()) == manifest


@given(st.text() | st.from_regex(r"([0-9a-fA-F]{64} [ *][./a\\\r]{1,4}\n){1,5}", fullmatch=True))
def test_any_text_is_read_whole_or_refused_with_reasons(text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    manifest, fault = read(data)
    if manifest is not None:
        lines = data.removesuffix(b"\n").split(b"\n")
        assert sorted(manifest.render().removesuffix(b"\n").split(b"\n")) == sorted(lines)
    if fault is not None:
        assert fault.problems
        assert all(0 <= problem.line <= data.count(b"\n") + 1 for problem in fault.problems)


def read(data: bytes) -> tuple[Manifest | None, ManifestInvalid | None]:
    try:
        return parse(data), None
    except ManifestInvalid as fault:
        return None, fault


def test_the_difference_names_added_removed_and_changed_files() -> None:
    old, new = of({"a": A, "b": A, "c": A}), of({"b": A, "c": B, "d": A})
    difference = compare(old, new)
    assert (difference.added, difference.removed, difference.changed) == (("d",), ("a",), ("c",))
    same = compare(old, old)
    assert (same.added, same.removed, same.changed) == ((), (), ())


def test_the_digest_equals_that_of_the_shell(tmp_path: Path) -> None:
    for name in ["weights.bin", "a/config.json", "a-b", "分词器/表.txt", "two blanks"]:
        place = tmp_path / name
        place.parent.mkdir(exist_ok=True)
        place.write_text(name)
    listing = "find . -type f | cut -c3- | LC_ALL=C sort | tr '\\n' '\\0' | xargs -0 -r sha256sum"
    text = subprocess.run(["sh", "-c", listing], cwd=tmp_path, capture_output=True, check=True).stdout
    assert parse(text).digest == hashlib.sha256(text).hexdigest()
    assert parse(text).render() == text


def test_a_million_lines_are_read_quickly() -> None:
    text = "".join(
        f"{number:064x}  shard/{number % 500}/{number}.bin\n" for number in range(1_000_000)
    ).encode()
    began = time.process_time()
    manifest: Manifest = parse(text)
    assert time.process_time() - began < 15
    assert len(manifest) == 1_000_000
