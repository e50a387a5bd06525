"""Reasons why an act isn't possible: text that a page shows beside the locked control, and that a service raises."""

from django.core.exceptions import PermissionDenied

from audit.refusal import IllegalTransition, Refused


class WrongPerson(str):
    """The person may not do this, whatever the state."""

    __slots__ = ()


class WrongState(str):
    """The thing is in a state in which this act doesn't exist."""

    __slots__ = ()


class NotNow(str):
    """The rules don't allow it as things stand; the text says what to do."""

    __slots__ = ()


Reason = WrongPerson | WrongState | NotNow


def require(reason: str | None) -> None:
    """Let the act pass when there is no reason against it; else raise what fits the reason.

    Raises PermissionDenied for a wrong person, IllegalTransition for a wrong state, Refused for the rest.
    """
    if reason is None:
        return
    if isinstance(reason, WrongPerson):
        raise PermissionDenied(str(reason))
    if isinstance(reason, WrongState):
        raise IllegalTransition(str(reason))
    raise Refused(str(reason))
