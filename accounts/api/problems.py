"""Why a call wasn't done, as problem details (RFC 9457): the sentences that a page would show, and a stable code."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise
from ninja.errors import HttpError, ValidationError

from accounts.api.faults import errors_of, is_about_address
from audit.refusal import IllegalTransition, Refused

MEDIA_TYPE = "application/problem+json"
PLACE = "/api/v1/docs#problem-"


class Code(StrEnum):
    """What kind of problem it is; the last part of `type`. A code never changes its meaning."""

    MALFORMED = "malformed"
    UNAUTHENTICATED = "unauthenticated"
    MISSING_SCOPE = "missing-scope"
    FORBIDDEN = "forbidden"
    PERSON_SIGNS = "person-signs"
    NOT_FOUND = "not-found"
    METHOD_NOT_ALLOWED = "method-not-allowed"
    WRONG_STATE = "wrong-state"
    IN_PROGRESS = "in-progress"
    STALE = "stale"
    TOO_LARGE = "too-large"
    WRONG_MEDIA_TYPE = "wrong-media-type"
    INVALID = "invalid"
    REFUSED = "refused"
    INCOMPLETE = "incomplete"
    KEY_REUSED = "key-reused"
    TOO_MANY = "too-many"
    UNEXPECTED = "unexpected"


@dataclass(frozen=True, slots=True)
class Kind:
    """Status of the answer, a title, and what it means for whoever calls."""

    status: int
    title: StrOrPromise
    meaning: StrOrPromise


KINDS: dict[Code, Kind] = {
    Code.MALFORMED: Kind(
        400, gettext_lazy("Not understood"),
        gettext_lazy("The body is no JSON, or the address holds what no address may hold."),
    ),
    Code.UNAUTHENTICATED: Kind(
        401, gettext_lazy("No valid token"),
        gettext_lazy("There is no token, or it is unknown, ended or revoked. The detail doesn't say which."),
    ),
    Code.MISSING_SCOPE: Kind(
        403, gettext_lazy("The token has no such scope"),
        gettext_lazy("The person may do this, perhaps, but this token was made for less."),
    ),
    Code.FORBIDDEN: Kind(
        403, gettext_lazy("Not this person's to do"),
        gettext_lazy("The person sees the thing, and may not do this to it. The detail says why."),
    ),
    Code.PERSON_SIGNS: Kind(
        403, gettext_lazy("People sign, tokens don't"),
        gettext_lazy("What is signed asks for the person's own components, on the page."),
    ),
    Code.NOT_FOUND: Kind(
        404, gettext_lazy("Not found"),
        gettext_lazy("It doesn't exist, or not for this person: both look the same."),
    ),
    Code.METHOD_NOT_ALLOWED: Kind(
        405, gettext_lazy("No such method here"), gettext_lazy("The header Allow names those that exist."),
    ),
    Code.WRONG_STATE: Kind(
        409, gettext_lazy("Not in this state"),
        gettext_lazy("The thing is in a state in which this act doesn't exist. Read it again before you go on."),
    ),
    Code.IN_PROGRESS: Kind(
        409, gettext_lazy("The same call is being answered"),
        gettext_lazy("Another call with this Idempotency-Key isn't over yet. Ask again a little later."),
    ),
    Code.STALE: Kind(
        412, gettext_lazy("Changed meanwhile"),
        gettext_lazy("What If-Match names isn't the present version. Nothing was written; “present” holds it."),
    ),
    Code.TOO_LARGE: Kind(
        413, gettext_lazy("Too large"), gettext_lazy("The body is larger than is taken here."),
    ),
    Code.WRONG_MEDIA_TYPE: Kind(
        415, gettext_lazy("Another media type is needed"),
        gettext_lazy("The header Content-Type names a type that this operation doesn't take."),
    ),
    Code.INVALID: Kind(
        422, gettext_lazy("Some fields are wrong"),
        gettext_lazy("“errors” says for each which field it is, as a JSON pointer or the name of a parameter."),
    ),
    Code.REFUSED: Kind(
        422, gettext_lazy("Refused by the rules"),
        gettext_lazy("The rules don't allow it as things stand. The detail says why and what to do."),
    ),
    Code.INCOMPLETE: Kind(
        422, gettext_lazy("The dossier has gaps"),
        gettext_lazy("Nothing was submitted. “gaps” names everything that is missing."),
    ),
    Code.KEY_REUSED: Kind(
        422, gettext_lazy("This Idempotency-Key belongs to another call"),
        gettext_lazy("The key was sent before with another address or body. Choose a new key for a new call."),
    ),
    Code.TOO_MANY: Kind(
        429, gettext_lazy("Too many calls"),
        gettext_lazy("The header Retry-After says in how many seconds to go on."),
    ),
    Code.UNEXPECTED: Kind(
        500, gettext_lazy("A fault on our side"),
        gettext_lazy("It was written down under the X-Request-ID of the answer. Nothing was changed."),
    ),
}  # fmt: skip


class Problem(Exception):  # noqa: N818  (it's an answer, not a failure)
    """A call isn't done, for a reason that only the API knows; `more` are further members of the answer."""

    def __init__(
        self,
        code: Code,
        detail: str,
        *,
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.code, self.detail = code, detail
        self.errors, self.headers, self.more = list(errors), dict(headers or {}), dict(more or {})


Translation = Callable[[Any], Problem]
_translations: dict[type[Exception], Translation] = {}


def translate(fault: type[Exception], into: Translation) -> None:
    """Say how an exception of another app is told; called where that app's operations are defined."""
    _translations[fault] = into


def problem_of(fault: Exception) -> Problem | None:
    """Return what is told of an exception, None for one that is a fault of the program."""
    for kind in type(fault).__mro__:
        if kind in _translations:
            return _translations[kind](fault)
    return fault if isinstance(fault, Problem) else None


def answer_of(request: HttpRequest, fault: Exception) -> HttpResponse:
    """Return the answer; raises the exception again when it is a fault of the program."""
    problem = problem_of(fault)
    if problem is None:
        raise fault
    return told(request, problem)


def told(request: HttpRequest, problem: Problem) -> HttpResponse:
    """Return the problem as an answer."""
    kind = KINDS[problem.code]
    body = {
        "type": type_of(problem.code), "title": str(kind.title), "status": kind.status, "code": problem.code.value,
        "detail": problem.detail, "instance": request.path,
    }  # fmt: skip
    if problem.errors:
        body["errors"] = problem.errors
    return JsonResponse(
        body | problem.more, status=kind.status, content_type=MEDIA_TYPE, headers=problem.headers,
        json_dumps_params={"ensure_ascii": False},
    )  # fmt: skip


def type_of(code: Code) -> str:
    """Return the address that names the problem, and leads to what it means."""
    return f"{settings.BASE_URL}{PLACE}{code.value}"


def _invalid(fault: ValidationError) -> Problem:
    if is_about_address(fault):
        return _absent(Http404())
    return Problem(Code.INVALID, _("The call holds what can't be taken like this."), errors=errors_of(fault))


def _absent(_fault: Http404) -> Problem:
    return Problem(Code.NOT_FOUND, _("There is nothing at this address for you."))


def _forbidden(fault: PermissionDenied) -> Problem:
    return Problem(Code.FORBIDDEN, str(fault) or _("This isn't yours to do."))


def _malformed(_fault: Exception) -> Problem:
    return Problem(Code.MALFORMED, _("The call can't be read. Look at its address and its body."))


def _too_large(_fault: RequestDataTooBig) -> Problem:
    megabytes = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024**2
    return Problem(
        Code.TOO_LARGE, _("Bodies in JSON have {megabytes} MB at most.").format(megabytes=megabytes)
    )


translate(ValidationError, _invalid)
translate(Http404, _absent)
translate(PermissionDenied, _forbidden)
translate(HttpError, _malformed)
translate(BadRequest, _malformed)
translate(SuspiciousOperation, _malformed)
translate(RequestDataTooBig, _too_large)
translate(Refused, lambda fault: Problem(Code.REFUSED, str(fault)))
translate(IllegalTransition, lambda fault: Problem(Code.WRONG_STATE, str(fault)))
