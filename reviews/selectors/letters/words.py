"""Words for the texts of letters: kinds, placeholders, and what is wrong with a text and what to do about it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from reviews.rules.letter_kinds import PLACEHOLDERS, Form, LetterKind
from reviews.rules.letter_text import LONGEST, Fault, FaultCode

KINDS: dict[str, StrOrPromise] = {
    LetterKind.APPROVED: gettext_lazy("Approval"),
    LetterKind.CONDITIONS: gettext_lazy("Approval with conditions"),
    LetterKind.RETURNED: gettext_lazy("Return for revision"),
    LetterKind.REJECTED: gettext_lazy("Rejection"),
    LetterKind.REFUSED: gettext_lazy("Signature refused"),
    LetterKind.PROVISIONAL: gettext_lazy("Provisional approval"),
    LetterKind.GAPS: gettext_lazy("Notice of gaps"),
    LetterKind.SUSPENDED: gettext_lazy("Suspension"),
    LetterKind.LIFTED: gettext_lazy("Suspension lifted"),
    LetterKind.LAPSED: gettext_lazy("Suspension lapsed"),
    LetterKind.WITHDRAWN: gettext_lazy("Withdrawal"),
    LetterKind.APPEAL_RECEIVED: gettext_lazy("Appeal received"),
    LetterKind.APPEAL_DECIDED: gettext_lazy("Appeal decided"),
    LetterKind.INCIDENT: gettext_lazy("Incident report received"),
    LetterKind.REVIEW_DUE: gettext_lazy("Continuing review due"),
    LetterKind.MINUTES: gettext_lazy("Minutes: opening and closing"),
}
NAMES: dict[str, StrOrPromise] = {
    "organisation": gettext_lazy("name of the organisation"),
    "board": gettext_lazy("name of the board, or of the boards"),
    "requester": gettext_lazy("name of the requester"),
    "reference": gettext_lazy("number of the request"),
    "letter": gettext_lazy("number of the letter"),
    "model": gettext_lazy("model with its version"),
    "project": gettext_lazy("name of the project"),
    "purpose": gettext_lazy("what was asked"),
    "date": gettext_lazy("day of the letter, or of the meeting"),
    "decided_on": gettext_lazy("day of the decision"),
    "procedure": gettext_lazy("procedure of the review"),
    "revision": gettext_lazy("number of the revision"),
    "reasons": gettext_lazy("reasons, as they were written"),
    "facts": gettext_lazy("table of facts: digests, policy, votes"),
    "minority_opinions": gettext_lazy("minority opinions with their authors"),
    "conditions": gettext_lazy("table of conditions with owner and date"),
    "duties": gettext_lazy("list of the duties to report"),
    "valid_from": gettext_lazy("first day of the approval"),
    "valid_until": gettext_lazy("last day of the approval"),
    "next_review": gettext_lazy("day of the next review"),
    "appeal_until": gettext_lazy("last day to appeal"),
    "appeal_route": gettext_lazy("sentence that says who decides on an appeal"),
    "full_review_by": gettext_lazy("day by which the full review is due"),
    "refused_by": gettext_lazy("who refused to sign"),
    "refused_as": gettext_lazy("the office in which they refused"),
    "secretary": gettext_lazy("secretary who checked the request"),
    "gaps": gettext_lazy("all gaps, as the secretary named them"),
    "questions": gettext_lazy("list of the questions to look at"),
    "suspended_by": gettext_lazy("who suspended the approval"),
    "suspended_at": gettext_lazy("moment of the suspension"),
    "ratify_by": gettext_lazy("moment by which the board has to ratify"),
    "withdrawn_by": gettext_lazy("who withdrew it"),
    "withdrawn_at": gettext_lazy("moment of the withdrawal"),
    "against": gettext_lazy("what the appeal is against"),
    "received_at": gettext_lazy("moment at which the appeal came"),
    "grounds": gettext_lazy("grounds of the appeal, as they were written"),
    "panel": gettext_lazy("the panel that decides"),
    "decide_by": gettext_lazy("day by which the appeal is to be decided"),
    "result": gettext_lazy("what was decided on the appeal"),
    "incident": gettext_lazy("number of the incident"),
    "severity": gettext_lazy("how serious the incident is"),
    "aware_at": gettext_lazy("moment from which the clock runs"),
    "report_by": gettext_lazy("moment by which authorities are told"),
    "what_happened": gettext_lazy("what was reported, as it was written"),
    "due": gettext_lazy("day by which the continuing review is due"),
    "number": gettext_lazy("number of the meeting"),
    "place": gettext_lazy("place of the meeting"),
    "led_by": gettext_lazy("who led the meeting"),
    "minutes_by": gettext_lazy("who kept the minutes"),
    "opened_at": gettext_lazy("moment at which the meeting was opened"),
    "closed_at": gettext_lazy("moment at which the meeting was closed"),
    "next_meeting": gettext_lazy("moment of the next meeting"),
    "items": gettext_lazy("the items of the agenda, as they went"),
}


@dataclass(frozen=True, slots=True)
class PlaceholderInWords:
    """A placeholder as the list beside the editor shows it; `written` is how it stands in a text."""

    name: str
    written: str
    meaning: str
    must: bool
    alone: bool
    maybe: bool


def placeholders_in_words(kind: LetterKind) -> list[PlaceholderInWords]:
    """Return the placeholders of a kind: those that must be there first, each by name."""
    found = [
        PlaceholderInWords(
            name=name,
            written=f"{{begin {name}}} … {{{name}}} … {{end {name}}}" if about.maybe else f"{{{name}}}",
            meaning=str(NAMES[name]),
            must=about.must,
            alone=about.form.stands_alone,
            maybe=about.maybe,
        )
        for name, about in PLACEHOLDERS[kind].items()
    ]
    return sorted(found, key=lambda each: (not each.must, each.name))


def fault_in_words(fault: Fault, kind: LetterKind) -> str:
    """Return what is wrong and what to do, with the line."""
    said = _sentence(fault, kind)
    return _("Line {number}: {fault}").format(number=fault.line, fault=said) if fault.line else said


def _sentence(fault: Fault, kind: LetterKind) -> str:
    name, written = fault.name, f"{{{fault.name}}}"
    match fault.code:
        case FaultCode.EMPTY:
            return _("The text is empty. Write it, or go back to the shipped one.")
        case FaultCode.TOO_LONG:
            return _("The text is longer than {most} characters. Shorten it.").format(most=LONGEST)
        case FaultCode.UNKNOWN if fault.meant:
            return _("There is no {written} in letters of this kind. Did you mean {meant}?").format(
                written=written, meant=f"{{{fault.meant}}}"
            )
        case FaultCode.UNKNOWN:
            return _("There is no {written} in letters of this kind. Take one of the list.").format(
                written=written
            )
        case FaultCode.BRACE:
            return _("A brace stands only around a name of the list, without spaces. Take it away.")
        case FaultCode.MISSING:
            return _missing(name, kind)
        case FaultCode.HTML:
            return _("{tag} is HTML, which is not allowed. Write it as Markdown.").format(tag=name)
        case FaultCode.PICTURE:
            return _("Pictures are not allowed in letters. Take it out.")
        case FaultCode.ADDRESS:
            return _("A link may lead to https://, http:// or mailto: only, and stands where it is read.")
        case _:
            return _of_place(fault.code, name, written)


def _of_place(code: FaultCode, name: str, written: str) -> str:
    begin, end = f"{{begin {name}}}", f"{{end {name}}}"
    if code == FaultCode.NOT_ALONE:
        return _("{written} needs a line of its own.").format(written=written)
    if code == FaultCode.TWICE:
        return _("{written} stands in the text twice. Keep one of them.").format(written=written)
    if code == FaultCode.NEVER_EMPTY:
        return _("{written} is never empty, so it needs no block. Take {begin} and {end} away.").format(
            written=written, begin=begin, end=end
        )
    if code == FaultCode.NESTED:
        return _("A block stands inside the block of {written}. Close that one first, with {end}.").format(
            written=written, end=end
        )
    if code == FaultCode.NOT_CLOSED:
        return _("{begin} has no {end}. Write it where the block ends.").format(begin=begin, end=end)
    if code == FaultCode.NOT_OPENED:
        return _("{end} has no {begin} before it.").format(begin=begin, end=end)
    return _(
        "{written} can be empty. Put what is said about it between {begin} and {end}, each on a line of its own."
    ).format(written=written, begin=begin, end=end)


def _missing(name: str, kind: LetterKind) -> str:
    about = PLACEHOLDERS[kind][name]
    where = (
        _("on a line of its own")
        if about.form in {Form.TABLE, Form.LIST, Form.PASSAGE}
        else _("where it is to stand")
    )
    if about.maybe:
        return _(
            "This is missing: {meaning}. Write {begin}, {written} and {end}, each on a line of its own."
        ).format(meaning=NAMES[name], written=f"{{{name}}}", begin=f"{{begin {name}}}", end=f"{{end {name}}}")
    return _("This is missing: {meaning}. Write {written} {where}.").format(
        meaning=NAMES[name], written=f"{{{name}}}", where=where
    )
