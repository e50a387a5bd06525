"""Who asks for exceptions, who decides them, who sees them."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role, has_role
from audit.refusal import IllegalTransition
from compliance.models import ControlException
from compliance.models.boards import boards_of
from compliance.models.schedule import Scope
from compliance.permissions import SEES_ALL, visible_assessments
from compliance.rules.findings import ExceptionEvent, ExceptionState, exception_after
from registry.permissions import visible_projects


def visible_exceptions(user: User, now: datetime) -> QuerySet[ControlException]:
    """Return the exceptions that the person may read: all, what they asked for, of their projects and boards, and what
    excuses something in a checklist that they may open.
    """
    if not user.is_active:
        return ControlException.objects.none()
    if has_role(user, *SEES_ALL):
        return ControlException.objects.all()
    opens = visible_assessments(user, now).order_by().filter(library__code=OuterRef("library_code"))
    return ControlException.objects.filter(
        Q(asked_by=user)
        | Q(project__in=visible_projects(user, now).values("pk"))
        | Q(board__in=list(boards_of(user, now)))
        | Q(Exists(opens.filter(project=OuterRef("project"))), scope=Scope.PROJECT)
        | Q(Exists(opens.filter(version=OuterRef("version"))), scope=Scope.VERSION)
        | Q(Exists(opens.filter(board=OuterRef("board"))), scope=Scope.BOARD)
        | Q(Exists(opens), scope=Scope.ORGANISATION)
    )


def exception_to_read(user: User, exception_id: int, now: datetime) -> ControlException:
    """Return the exception, or raise Http404."""
    found = visible_exceptions(user, now).select_related(
        "asked_by", "decided_by", "ended_by", "project", "version__model"
    )
    exception = found.filter(pk=exception_id).first()
    if exception is None:
        raise Http404
    return exception


def why_not_decide(actor: User, exception: ControlException) -> str | None:
    """Say why the person may not approve or refuse it, whatever its state; None if they may."""
    if not has_role(actor, Role.LEGAL):
        return _("Exceptions are approved by legal staff.")
    if exception.asked_by_id == actor.pk:
        return _("You asked for it, so somebody else of the legal staff decides.")
    return None


def why_not_revoke(actor: User, exception: ControlException) -> str | None:
    """Say why the person may not end it, whatever its state; None if they may."""
    if has_role(actor, Role.LEGAL):
        return None
    if exception.state == ExceptionState.ASKED and exception.asked_by_id == actor.pk:
        return None
    return _("Legal staff revoke an exception; who asked for it can take it back until it is decided.")


def why_not_move_exception(exception: ControlException, event: ExceptionEvent) -> str | None:
    """Say why this can't happen in its state, or None."""
    if exception_after(exception.state, event):
        return None
    return {
        ExceptionState.ASKED: _("It isn't decided yet."),
        ExceptionState.APPROVED: _("It is approved already. It can be revoked."),
        ExceptionState.REFUSED: _("It was refused. Ask for a new one instead."),
        ExceptionState.REVOKED: _("It was revoked. Ask for a new one instead."),
    }[ExceptionState(exception.state)]


def exception_to(actor: User, exception_id: int, event: ExceptionEvent, now: datetime) -> ControlException:
    """Return the exception, locked; raise Http404, PermissionDenied or IllegalTransition."""
    found = visible_exceptions(actor, now).select_for_update(of=("self",)).filter(pk=exception_id)
    exception = found.first()
    if exception is None:
        raise Http404
    asked = why_not_revoke if event == ExceptionEvent.REVOKE else why_not_decide
    if reason := asked(actor, exception):
        raise PermissionDenied(reason)
    if reason := why_not_move_exception(exception, event):
        raise IllegalTransition(reason)
    return exception
