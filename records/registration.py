"""The kinds of records that this app knows by itself."""

from django.utils.translation import gettext_lazy as _

from records.assessment_context import AssessmentContext
from records.context import ReviewContext
from records.kinds import Kind
from records.letter_context import LetterContext
from records.minutes_context import MinutesContext
from records.press import assessment, letter, minutes, report, review
from records.report_context import ReportContext

KINDS = {
    "review": Kind(
        shape=ReviewContext,
        template="records/print/review.html",
        values=review.values,
        outcome=lambda context: str(context["decision"]["outcome"]),
        moment=lambda context: str(context["decision"]["decided_at"]),
        data=_("The frozen data of the decision"),
        signed=True,
    ),
    "assessment": Kind(
        shape=AssessmentContext,
        template="records/print/assessment.html",
        values=assessment.values,
        outcome=lambda _context: "accepted",
        moment=lambda context: str(context["accepted_at"]),
        data=_("What this record says, as data"),
    ),
    "report": Kind(
        shape=ReportContext,
        template="records/print/report.html",
        values=report.values,
        outcome=lambda _context: "reported",
        moment=lambda context: str(context["made_at"]),
        data=_("What this record says, as data"),
    ),
    "letter": Kind(
        shape=LetterContext,
        template="records/print/letter.html",
        values=letter.values,
        outcome=lambda context: str(context["kind"]),
        moment=lambda context: str(context["written_at"]),
        data=_("What this letter says, as data"),
    ),
    "minutes": Kind(
        shape=MinutesContext,
        template="records/print/minutes.html",
        values=minutes.values,
        outcome=lambda _context: "minutes",
        moment=lambda context: str(context["approval"]["at"]),
        data=_("What these minutes say, as data"),
    ),
}
