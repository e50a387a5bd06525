"""What reviews remember."""

from reviews.models.dossier import Answer, AnswerFile, Revision
from reviews.models.request import Contributor, ReferenceCounter, ReviewRequest

__all__ = ["Answer", "AnswerFile", "Contributor", "ReferenceCounter", "ReviewRequest", "Revision"]
