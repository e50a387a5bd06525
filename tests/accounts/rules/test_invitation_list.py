"""Lists of people as spreadsheets save them."""

import pytest

from accounts.rules.invitation_list import LARGEST, MOST, Fault, Row, Unreadable, decode, read

ROLES = ("researcher", "legal", "release_manager")
ZONES = frozenset({"UTC", "Asia/Shanghai"})
TEXT = "email,name,roles\nlin@example.org,林雨晴,researcher\n"


def rows(text: str | bytes) -> list[Row]:
    return read(text.encode() if isinstance(text, str) else text, roles=ROLES, time_zones=ZONES)


def faults(cells: str, headings: str = "email,name,roles,language,time zone") -> list[Fault]:
    [row] = rows(f"{headings}\n{cells}\n")
    return [found.fault for found in row.faults]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk"]
)
def test_every_usual_encoding_is_read(encoding: str) -> None:
    [row] = rows(TEXT.encode(encoding))
    assert (row.email, row.name, row.roles, row.faults) == ("lin@example.org", "林雨晴", ("researcher",), ())


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_every_usual_delimiter_and_ending_is_read(delimiter: str, ending: str) -> None:
    [row] = rows(TEXT.replace(",", delimiter).replace("\n", ending))
    assert row.name == "林雨晴"


def test_headings_may_be_chinese_in_any_order_and_others_are_passed_over() -> None:
    [row] = rows("部门,姓名,邮箱,时区\n研究,林雨晴,Lin@Example.org,Asia/Shanghai\n")
    assert (row.email, row.name, row.time_zone, row.language) == (
        "lin@example.org",
        "林雨晴",
        "Asia/Shanghai",
        "en",
    )


def test_several_roles_stand_in_one_cell() -> None:
    [row] = rows('email,roles\na@example.org,"researcher; Release Manager, legal"\n')
    assert row.roles == ("researcher", "release_manager", "legal")


def test_empty_rows_are_passed_over_and_lines_are_those_of_the_file() -> None:
    found = rows("email\n\na@example.org\n,\nb@example.org\n")
    assert [(row.line, row.email) for row in found] == [(3, "a@example.org"), (5, "b@example.org")]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (",Nobody", [Fault.NO_EMAIL]),
        ("nobody", [Fault.BAD_EMAIL]),
        ("a@nodot", [Fault.BAD_EMAIL]),
        ("a b@example.org", [Fault.BAD_EMAIL]),
        ("x@example.org,X,king", [Fault.UNKNOWN_ROLE]),
        ("x@example.org,X,,klingon", [Fault.UNKNOWN_LANGUAGE]),
        ("x@example.org,X,,zh,Moon/Base", [Fault.UNKNOWN_TIME_ZONE]),
        ("x@example.org," + "X" * 201, [Fault.TOO_LONG]),
        ("x@example.org,A\u202eB", [Fault.CONTROL]),
        ('x@example.org,"A\nB"', [Fault.CONTROL]),
        ("x@example.org,X,researcher,中文,UTC", []),
    ],
)
def test_what_is_wrong_with_a_row_is_named(cells: str, expected: list[Fault]) -> None:
    assert faults(cells) == expected


@pytest.mark.parametrize("cell", ["=cmd|'/c calc'!A1", "+1", "-1", "@SUM(A1)", "＝1", "  =HYPERLINK(1)"])
def test_a_cell_that_a_spreadsheet_would_run_is_refused(cell: str) -> None:
    assert Fault.FORMULA in faults(f'x@example.org,"{cell}"')
    assert Fault.FORMULA in faults(f'"{cell}@example.org",X')


def test_the_second_row_with_an_address_is_the_faulty_one() -> None:
    found = rows("email\na@example.org\nA@example.org\n")
    assert [[each.fault for each in row.faults] for row in found] == [[], [Fault.TWICE]]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"email\n", "empty"),
        (b"name\nX\n", "no_email_column"),
        (b"PK\x03\x04 a spreadsheet", "not_text"),
        (b"\xd0\xcf\x11\xe0 an old one", "not_text"),
        (b"%PDF-1.7", "not_text"),
        (b"\x00\x01\x02\x03\xff\xfe\x80", "not_text"),
        (b'email\n"never closed', "not_text"),
        (b"a" * (LARGEST + 1), "too_large"),
        (b"email\n" + b"".join(b"a%d@example.org\n" % n for n in range(MOST + 1)), "too_many"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_its_reason(content: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        rows(content)
    assert refusal.value.code == code


def test_as_many_as_allowed_are_read() -> None:
    assert len(rows(b"email\n" + b"".join(b"a%d@example.org\n" % n for n in range(MOST)))) == MOST


def test_a_mark_at_the_beginning_does_not_hide_the_first_heading() -> None:
    assert decode("\ufeffemail".encode()) == "email"
