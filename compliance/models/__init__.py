"""What the compliance app remembers."""

from compliance.models.applicability import ApplicabilityOverride
from compliance.models.assessment import Answer, Assessment
from compliance.models.comment import ControlComment
from compliance.models.control_exception import ControlException
from compliance.models.evidence import Evidence
from compliance.models.finding import Action, Finding
from compliance.models.library import Control, Library
from compliance.models.report import PeriodReport
from compliance.models.schedule import ComingDate, Incident, Occurrence, Planning, Schedule

__all__ = [
    "Action",
    "Answer",
    "ApplicabilityOverride",
    "Assessment",
    "ComingDate",
    "Control",
    "ControlComment",
    "ControlException",
    "Evidence",
    "Finding",
    "Incident",
    "Library",
    "Occurrence",
    "PeriodReport",
    "Planning",
    "Schedule",
]
