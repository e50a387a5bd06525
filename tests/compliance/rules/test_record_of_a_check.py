"""What the record of a check says is made of the frozen content, in either language, and has the shape of its kind."""

from datetime import UTC, datetime

import pytest

from compliance.models import Assessment
from compliance.selectors.assessment_record import record_context
from records.assessment_context import AssessmentContext
from records.canonical import canonical, digest
from records.context import Language
from records.shape import faults
from tests.compliance.frozen import frozen


def accepted() -> Assessment:
    content = canonical(frozen())
    return Assessment(
        pk=41, content=content, sha256=digest(content), accepted_at=datetime(2026, 4, 7, tzinfo=UTC)
    )


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_it_has_the_shape_of_its_kind_in_both_languages(language: Language) -> None:
    context = record_context(accepted(), language, "Asia/Shanghai")
    assert list(faults(context, AssessmentContext)) == []
    assert context["language"] == language


def test_controls_stand_by_group_with_their_counts_and_what_follows_from_them() -> None:
    context = record_context(accepted(), "en", "Asia/Shanghai")
    assert [group["title"] for group in context["groups"]] == ["Governance", "Security of supply"]
    assert context["counted"] == {"met": 1, "partly": 1, "not_met": 1, "not_applicable": 1}
    assert [(found["control"], found["severity"]) for found in context["findings"]] == [
        ("MAP 2(a)", "medium"), ("C3", "critical"), ("C3", "low"),
    ]  # fmt: skip
    assert [each["until"] for each in context["exceptions"]] == ["2026-09-30", "2026-09-30"]
    assert context["reference"] == "CHK-2026-00041"


def test_the_same_content_speaks_chinese() -> None:
    context = record_context(accepted(), "zh-hans", "Asia/Shanghai")
    assert (context["title"], context["subtitle"]) == ("季度权限审查", "苍鹭 2.1")
    assert context["schedule"] == "每月1日09:00（Asia/Shanghai）"
    assert context["scheduled_for"] == "2026-04-01T01:00:00.000000Z"
