"""Ending sessions: one's own, one by one, and all of somebody else."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.http import Http404

from accounts.models import User
from accounts.permissions import person_to_administer
from audit.trail import record


def end_all(person: User) -> int:
    """End every session of the person, without an event of its own, and return how many there were."""
    sessions = list(UserSession.objects.filter(user_id=person.pk))
    for session in sessions:
        session.end()
    return len(sessions)


@transaction.atomic
def end_sessions(*, actor: User, person_id: int, now: datetime) -> int:
    """End every session of the person and return how many there were."""
    person = person_to_administer(actor, person_id)
    count = end_all(person)
    record("person.sessions_ended", obj=person, actor=actor, now=now, data={"sessions": count})
    return count


@transaction.atomic
def end_own_session(*, actor: User, session_id: int, now: datetime) -> None:
    """End one of the person's own sessions; raises Http404 when they have no such session (any more)."""
    session = UserSession.objects.filter(user_id=actor.pk, pk=session_id).first()
    if session is None:
        raise Http404
    session.end()
    record("session.ended", obj=actor, actor=actor, now=now, data={"sessions": 1})
