"""The questions that a server has: those in use there, or a version that a draft answers."""

from urllib.parse import quote

from imprimatur.dossier.questionnaire import Questionnaire
from imprimatur.dossier.questionnaire_faults import QuestionnaireInvalid
from imprimatur.dossier.questionnaire_file import read_questionnaire
from imprimatur.outcome import Refusal, Unclear
from imprimatur.server import Answered, Server


def questions_of(server: Server, version: str = "") -> Questionnaire:
    """Return the version, or the one in use for none; raises Refusal when the server doesn't have it."""
    try:
        found = server.get(
            f"/questionnaires/{quote(version, safe='')}" if version else "/questionnaires/in-use"
        )
        return read_questionnaire(found["content"])
    except Answered as fault:
        if fault.status != 404:
            raise Refusal(str(fault)) from None
        raise Refusal(
            f"{server.base} has no questions {version}. Take out the line “questionnaire: {version}” and run "
            "imprimatur draft --server again."
        ) from None
    except (QuestionnaireInvalid, KeyError, TypeError):
        raise Unclear(
            f"{server.base} has questions that this version doesn't read. Update imprimatur."
        ) from None
