"""Libraries that people bring: what is read, and that what is hostile or broken is named with its place."""

import io
import json
import zipfile
from typing import Any

import pytest
from openpyxl import Workbook

from compliance.rules import import_faults
from compliance.rules.import_faults import Fault, Found, Unreadable, Why
from compliance.rules.import_oscal import read_catalog
from compliance.rules.import_sheet import rows_of
from compliance.rules.import_table import COLUMNS, EXAMPLE, read_table
from compliance.rules.library_difference import Kind, compare_libraries
from compliance.rules.library_file import faults_of
from imprimatur.wording import Change


def control(label: str, **more: Any) -> dict[str, Any]:
    statement = {
        "name": "statement",
        "prose": "Look at {{ insert: param, p-1 }} of {{ insert: param, p-2 }} .",
    }
    return {
        "id": label.lower(), "title": f"Control {label}", "props": [{"name": "label", "value": label}],
        "params": [{"id": "p-1", "label": "the list"}, {"id": "p-2", "values": ["spring", "autumn"]}],
        "parts": [statement, {"name": "guidance", "prose": "Compare."}, {"name": "assessment", "prose": "Never."}],
    } | more  # fmt: skip


def catalog(*groups: dict[str, Any]) -> bytes:
    told = {"metadata": {"title": "A catalog"}, "groups": list(groups), "back-matter": {"resources": []}}
    return json.dumps({"catalog": told}).encode()


def group(*controls: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": "ab", "title": "First", "controls": list(controls)} | more


def csv(*lines: str) -> Found:
    return read_table(rows_of("\n".join(lines).encode()), source="Ours")


def faults(found: Found) -> list[tuple[Why, str, str]]:
    return [(fault.why, fault.place, fault.column) for fault in found.faults]


def refused(content: bytes) -> Fault:
    with pytest.raises(Unreadable) as caught:
        read_catalog(content) if content[:1] == b"{" else rows_of(content)
    return caught.value.fault


def workbook(*rows: tuple[object, ...]) -> bytes:
    book, kept = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(kept)
    return kept.getvalue()


def test_a_catalog_is_read_with_nested_groups_and_controls_and_its_parameters_in_the_prose() -> None:
    inner = group(control("AB-2(1)"), id="ab.c", title="Inner")
    gone = control(
        "AB-9", props=[{"name": "label", "value": "AB-9"}, {"name": "status", "value": "withdrawn"}]
    )
    found = read_catalog(catalog(group(control("AB-1", controls=[control("AB-1(2)")]), gone, groups=[inner])))
    assert found.faults == []
    assert [(row["number"], row["group"]) for row in found.controls] == [
        ("AB-1", "ab"), ("AB-1.2", "ab"), ("AB-2.1", "ab.c"),
    ]  # fmt: skip
    assert found.controls[1]["text"] == {"en": "Look at [the list] of spring, autumn."}
    assert found.controls[1]["help"] == {"en": "Compare."}
    assert (found.controls[1]["article"], found.controls[1]["source"]) == ("AB-1(2)", "A catalog")
    assert (found.skipped, found.groups["ab.c"]) == (1, {"en": "Inner"})


def test_each_fault_of_a_catalog_is_named_with_its_place() -> None:
    found = read_catalog(catalog(group(control("AB-1"), control("AB-1"), control("AB 2;", title=""))))
    assert faults(found) == [
        (Why.TWICE, "catalog/groups[0]/controls[1]", "id"),
        (Why.NOT_A_NUMBER, "catalog/groups[0]/controls[2]", "id"),
        (Why.MISSING, "catalog/groups[0]/controls[2]", "title"),
    ]
    assert found.faults[0].found == "catalog/groups[0]/controls[0]"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b'{"catalog": {"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}", Why.TOO_DEEP),
        (b'{"catalog": {"a": NaN}}', Why.NO_FIGURE),
        (b'{"catalog": {"a": -Infinity}}', Why.NO_FIGURE),
        (b'{"catalog": {"a": ' + b"9" * 5_000 + b"}}", Why.NO_FIGURE),
        (b'{"catalog": {"groups": [], "groups": []}}', Why.DUPLICATE_KEY),
        (b'{"catalog": ', Why.NOT_READABLE),
        (b'{"catalog": "\xff"}', Why.NOT_READABLE),
        (b'{"profile": {}}', Why.NOT_AN_OBJECT),
    ],
)
def test_hostile_or_broken_json_is_refused(content: bytes, why: Why) -> None:
    assert refused(content).why == why


def test_a_catalog_that_is_empty_or_odd_or_too_deep_gives_no_library() -> None:
    odds: list[Any] = [[], {}, [1, None, "x"], "text"]
    for odd in odds:
        assert faults(read_catalog(json.dumps({"catalog": {"groups": odd}}).encode())) == [
            (Why.NO_CONTROLS, "catalog", "")
        ]
    deep = control("AB-0")
    for number in range(1, 30):
        deep = control(f"AB-{number}", controls=[deep])
    assert Why.TOO_DEEP in [why for why, _place, _column in faults(read_catalog(catalog(group(deep))))]
    half = read_catalog(catalog(group(control("AB-1", title="\ud800 half\0"))))
    assert (Why.NOT_TEXT, "catalog/groups[0]/controls[0]", "title") in faults(half)


def test_parameters_that_name_one_another_come_to_an_end() -> None:
    choices = [
        {"id": f"p-{n}", "select": {"choice": [f"{{{{ insert: param, p-{1 - n} }}}}"] * 60}} for n in (0, 1)
    ]
    found = read_catalog(catalog(group(control("AB-1", params=choices))))
    assert found.faults == []
    assert len(found.controls[0]["text"]["en"]) < 5_000


def test_the_template_reads_as_a_sound_library() -> None:
    for rows in ([COLUMNS, EXAMPLE], rows_of(workbook(COLUMNS, EXAMPLE))):
        found = read_table(rows)
        assert found.faults == []
        data = {"code": "ours", "name": {"en": "Ours", "zh": "自有"}, "controls": found.controls}
        assert faults_of(data | {"groups": [{"number": n, "name": t} for n, t in found.groups.items()]}) == []


def test_one_language_is_enough_and_what_a_row_leaves_out_is_taken_from_the_whole() -> None:
    found = csv("number;title_zh;text_zh", "1;标题;内容", ";;", "2;题;'=文")
    assert found.faults == []
    assert [(row["number"], row["title"], row["source"], row["confidence"]) for row in found.controls] == [
        ("1", {"zh": "标题"}, "Ours", "S"), ("2", {"zh": "题"}, "Ours", "S"),
    ]  # fmt: skip
    assert found.controls[1]["text"] == {"zh": "=文"}


def test_each_fault_of_a_table_is_named_with_row_and_column() -> None:
    found = csv(
        "number,title_en,text_en,confidence,every,obligations", "1,One,Text,,,", "1,,Text,X,sometimes,E4",
        "a b,Two,Text,V,,,and more",
    )  # fmt: skip
    assert faults(found) == [
        (Why.TWICE, "3", "number"), (Why.MISSING, "3", "title_en"), (Why.NOT_ONE_OF, "3", "confidence"),
        (Why.NOT_ONE_OF, "3", "every"), (Why.NOT_A_LIST, "3", "obligations"), (Why.MORE_CELLS, "4", ""),
        (Why.NOT_A_NUMBER, "4", "number"),
    ]  # fmt: skip
    assert faults(csv("number,colour,number", "1,red,2")) == [
        (Why.UNKNOWN_COLUMN, "1", "colour"), (Why.COLUMN_TWICE, "1", "number"), (Why.NO_COLUMN, "1", "title_en"),
        (Why.NO_COLUMN, "1", "text_en"),
    ]  # fmt: skip
    assert faults(csv("number,title_en,text_en")) == [(Why.NO_CONTROLS, "", "")]


def test_whole_numbers_of_a_workbook_have_no_decimal_point() -> None:
    found = read_table(rows_of(workbook(("number", "title_en", "text_en"), (1.0, "One", 2))), source="Ours")
    assert (found.controls[0]["number"], found.controls[0]["text"]) == ("1", {"en": "2"})


def test_what_is_too_large_is_refused_before_it_is_unpacked() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (import_faults.UNPACKED + 1))
    assert refused(bomb.getvalue()).why == Why.TOO_LARGE
    assert refused(b"n" * (import_faults.LARGEST + 1)).why == Why.TOO_LARGE
    assert refused(b"number\n" + b"\n" * 20_001).why == Why.TOO_MANY


def test_a_workbook_that_is_none_or_declares_entities_is_refused() -> None:
    sound, kept = zipfile.ZipFile(io.BytesIO(workbook(COLUMNS, EXAMPLE))), io.BytesIO()
    with zipfile.ZipFile(kept, "w") as packed:
        for name in sound.namelist():
            packed.writestr(
                name, sound.read(name).replace(b"<workbook", b"<!DOCTYPE a [<!ENTITY b 'c'>]><workbook", 1)
            )
    assert refused(kept.getvalue()) == Fault(Why.NOT_READABLE, "xl/workbook.xml")
    assert refused(b"PK\x03\x04 and no more").why == Why.NOT_READABLE
    assert refused(b"number\n\xff") == Fault(Why.NOT_TEXT, "2")


def test_versions_are_compared_by_number_field_by_field_and_word_by_word() -> None:
    before = {"1": {"title": "One", "text": "Keep the list."}, "2": {"title": "Two"}, "3": {"title": "Three"}}
    after = {
        "1": {"title": "One", "text": "Keep the roster."},
        "3": {"title": "Three"},
        "4": {"title": "Four"},
    }
    found = compare_libraries(before, after)
    assert [(each.kind, each.number) for each in found.changes] == [
        (Kind.CHANGED, "1"), (Kind.ADDED, "4"), (Kind.REMOVED, "2"),
    ]  # fmt: skip
    (changed,) = found.changes[0].fields
    assert changed.field == "text"
    assert [(piece.change, piece.text.strip()) for piece in changed.pieces if piece.change != Change.SAME] == [
        (Change.REMOVED, "list"), (Change.ADDED, "roster"),
    ]  # fmt: skip
    assert (found.same, found.count(Kind.ADDED)) == (1, 1)
