"""What a printed record says, embeds and is made of."""

import hashlib
import io
import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from records import store
from records.context import Language
from records.decision_context import Outcome
from records.models import Record
from records.press.glyphs import Unprintable
from records.rendering import print_record
from records.sealing import advance
from tests.records import conformance
from tests.records.made import Event, Make

ROOT = Path(__file__).resolve().parents[3]


KEPT: dict[Language, tuple[Record, bytes]] = {}


@pytest.fixture
def sealed(sealed: Make) -> Make:
    """Make a sealed record with every part; the one about which nothing was said is made once in each language."""

    def make(language: Language = "en", *outcome: Outcome, **over: Any) -> Record:
        if outcome or over:
            return sealed(language, *outcome, whole=True, **over)
        if language not in KEPT:
            record = sealed(language, whole=True)
            KEPT[language] = record, store.read(record.file_sha256)
        record, content = KEPT[language]
        assert store.keep(content) == record.file_sha256  # the folder of this test has it, too
        return record

    return make


def text_of(content: bytes, tmp_path: Path) -> str:
    path = tmp_path / "record.pdf"
    path.write_bytes(content)
    return subprocess.run(
        ["pdftotext", "-raw", str(path), "-"], capture_output=True, check=True, text=True
    ).stdout


def words_of(content: bytes, tmp_path: Path) -> str:
    return " ".join(text_of(content, tmp_path).split())


def attachment(content: bytes, name: str) -> bytes:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return pdf.attachments[name].get_file().read_bytes()


def test_the_embedded_data_are_the_bytes_of_the_database(sealed: Make) -> None:
    record = sealed("zh-hans")
    content = store.read(record.file_sha256)
    assert attachment(content, "record.json") == bytes(record.context)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert list(pdf.attachments) == ["record.json"]  # what people confirmed lies in their signatures
    assert hashlib.sha256(bytes(record.context)).hexdigest() == record.context_sha256


def test_chinese_names_and_terms_come_back_from_the_text_of_the_pdf(sealed: Make, tmp_path: Path) -> None:
    text = text_of(store.read(sealed("zh-hans").file_sha256), tmp_path)
    for name in (
        "王秀兰 Wang Xiulan",
        "陈嘉慧 Chen Jiahui",
        "玛格丽特·奥塞教授",
        "英格丽德·法尔克博士",
        "北湖智能研究院",
    ):
        assert name in text


def test_han_and_latin_stand_together_in_the_text_so_that_a_search_finds_them(
    sealed: Make, tmp_path: Path
) -> None:
    assert "苍鹭二号14B指令模型2.3.0版" in text_of(store.read(sealed("zh-hans").file_sha256), tmp_path)


def test_chinese_names_come_back_from_an_english_record(sealed: Make, tmp_path: Path) -> None:
    assert "Zhao Ming 赵明" in text_of(store.read(sealed("en").file_sha256), tmp_path)


def test_a_record_says_who_voted_how_why_and_by_which_arithmetic(sealed: Make, tmp_path: Path) -> None:
    text = words_of(store.read(sealed("en").file_sha256), tmp_path)
    for phrase in (
        "Approved with conditions",
        "4 for, 1 abstaining, 1 against; 4 needed",
        "3 × 4 = 12 ≥ 2 × 6 = 12",
        "8 seats, 1 recused, 6 present and eligible when the ballot opened; 5 needed",
        "Wrote part of the de-duplication pipeline.",
        "entered by Noor Hassan",
        "Minority opinion of Dr. Samuel Adeyemi",
        "Blocking position of Dr. Elena Petrova, cleared by its holder",
        "20 November 2026 to 19 November 2027",
    ):
        assert phrase in text


def test_a_signature_is_printed_with_name_role_meaning_time_zone_and_statement(
    sealed: Make, tmp_path: Path
) -> None:
    record = sealed("en")
    text = words_of(store.read(record.file_sha256), tmp_path)
    line = json.loads(bytes(record.signatures))[0]
    for phrase in (
        "1 · legal staff",
        line["name"],
        line["meaning"],
        "2026-11-19 02:58:33 +01:00 (Europe/Berlin)",
    ):
        assert phrase in text
    assert line["statement_sha256"][:32] in text
    assert line["statement_sha256"][32:] in text


@pytest.mark.parametrize(
    ("outcome", "phrase"),
    [
        ("rejected", "Rejected"),
        ("returned", "Returned for revision"),
        ("refused", "Dr. Ingrid Falk (legal counsel) refused to sign"),
    ],
)
def test_other_outcomes_have_their_record_and_promise_no_validity(
    sealed: Make, tmp_path: Path, outcome: Outcome, phrase: str
) -> None:
    record = sealed("en", outcome)
    text = words_of(store.read(record.file_sha256), tmp_path)
    assert phrase in text
    assert "20 November 2026 to" not in text
    assert "takes effect without personal signatures" in text


def test_people_can_not_smuggle_markup_into_a_record(sealed: Make, tmp_path: Path) -> None:
    record = sealed(subtitle="<b>bold</b> & <img src='file:///etc/passwd'>")
    assert "<b>bold</b> & <img src='file:///etc/passwd'>" in words_of(
        store.read(record.file_sha256), tmp_path
    )


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_spot_checks_of_the_archive_format_hold_before_and_after_the_seal(
    sealed: Make, language: Language
) -> None:
    record = sealed(language)
    assert conformance.faults(print_record(record).content) == []
    assert conformance.faults(store.read(record.file_sha256)) == []


def test_a_page_has_no_drawing_of_another_page_because_a_verifier_follows_each(sealed: Make) -> None:
    with pikepdf.open(io.BytesIO(store.read(sealed("en").file_sha256))) as pdf:
        drawn = 0
        for one in pdf.pages:
            named = {str(part.operands[0]) for part in pikepdf.parse_content_stream(one, "Do")}
            assert set(one.resources.get("/XObject", {}).keys()) <= named
            drawn += len(named)
    assert drawn  # some pages have drawings, or nothing was looked at


def test_qpdf_finds_nothing(sealed: Make, tmp_path: Path) -> None:
    path = tmp_path / "record.pdf"
    path.write_bytes(store.read(sealed("zh-hans").file_sha256))
    done = subprocess.run(["qpdf", "--check", str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in done.stdout + done.stderr


def test_the_same_record_is_printed_to_the_same_bytes(pending: Make) -> None:
    record = pending("zh-hans")
    assert print_record(record).content == print_record(record).content


SCRIPT = """
import django, sys
django.setup()
from datetime import datetime
from functools import partial
from records.canonical import canonical, digest
from records.press.page import Box, page
from records.press.press import Embedded, press
from tests.records.factories import review_context
context = review_context("zh-hans")
data = canonical(dict(context))
address = "https://a.example/verify/7KQM3XVT9D2HPW4C"
boxes = [Box("sig-legal", "法务人员"), Box("sig-chair", "牵头委员会主席")]
html = page(context, boxes=boxes, code="7KQM3XVT9D2HPW4C", address=address, context_sha256=digest(data))
created = datetime.fromisoformat(context["decision"]["decided_at"])
files = [Embedded("record.json", "data", data)]
made = press(html, created=created, embedded=files, fields={"sig-legal": "Legal", "sig-seal": "Seal"})
sys.stdout.write(digest(made.content))
"""


@pytest.mark.long
def test_two_processes_with_different_hash_seeds_and_zones_print_the_same_bytes(tmp_path: Path) -> None:
    def run(seed: str, zone: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    first = run("1", "UTC")
    assert len(first) == 64
    assert first == run("77", "Asia/Shanghai")


def test_a_character_without_a_glyph_refuses_the_record_and_is_named(
    pending: Make, events: list[Event], now: datetime
) -> None:
    record = pending(subtitle="Release 🦜 of open weights")
    with pytest.raises(Unprintable, match=r"🦜 \(U\+1F99C\)"):
        advance(record_id=record.pk, now=now)
    record.refresh_from_db()
    assert record.state == "sealing"
    assert "🦜 (U+1F99C)" in record.failure
    assert record.file_sha256 == ""
    assert [event.verb for event in events][-1] == "record.failed"


def test_a_long_record_keeps_every_topic_once(sealed: Make, tmp_path: Path) -> None:
    record = sealed("en", topics=30)
    text = text_of(store.read(record.file_sha256), tmp_path)
    assert record.pages > 10
    assert text.count("Are personal data among them?") == 30
