"""An administrator finds in their work for whom signing is locked, and nobody else does."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.proofs import SigningLock
from accounts.roles import Role
from tests.dossiers import person

pytestmark = pytest.mark.django_db


def test_who_can_not_sign_waits_for_the_other_administrators(client: Client) -> None:
    ada, lex = person("Ada Admin", Role.ADMINISTRATOR), person("Lex Legal", Role.LEGAL)
    lock = SigningLock.objects.create(person=lex, failures=10, locked_at=timezone.now())
    own = SigningLock.objects.create(person=ada, failures=10, locked_at=timezone.now())
    client.force_login(ada)
    page = client.get("/").content.decode()
    assert "Signing is locked for Lex Legal" in page
    assert f'href="/people/{lex.pk}/"' in page
    assert "Signing is locked for Ada Admin" not in page, "nobody unlocks it for themself"
    client.force_login(lex)
    assert "Signing is locked" not in client.get("/").content.decode()
    for one in (lock, own):
        one.unlocked_at, one.reason = timezone.now(), "Seen."
        one.save()
    client.force_login(ada)
    assert "Signing is locked" not in client.get("/").content.decode()
