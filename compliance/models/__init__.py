"""What the compliance app remembers."""

from compliance.models.applicability import ApplicabilityOverride
from compliance.models.assessment import Answer, Assessment
from compliance.models.evidence import Evidence
from compliance.models.library import Control, Library
from compliance.models.schedule import Occurrence, Schedule

__all__ = [
    "Answer",
    "ApplicabilityOverride",
    "Assessment",
    "Control",
    "Evidence",
    "Library",
    "Occurrence",
    "Schedule",
]
