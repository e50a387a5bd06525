"""Status lists: their number only grows, whatever is tried; keys change without a moment in which nothing holds."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from audit.models import Event
from imprimatur import dsse, signed
from records.attestation import keys, rotation, status
from records.attestation.keys import KeyNotReady
from records.attestation.rows import AttestationKey, StatusList
from records.checks import check_attestation_keys
from tests.production import environment

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


def copy_of(row: StatusList, **changes: Any) -> StatusList:
    values = {field.attname: getattr(row, field.attname) for field in StatusList._meta.concrete_fields}
    return StatusList(**{**values, "id": None, **changes})


@pytest.mark.parametrize("number", [0, -1])
def test_a_number_that_doesnt_grow_is_refused_by_the_database(now: datetime, number: int) -> None:
    first = status.sign_status(now)
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_of(first, number=first.number + number).save()
    copy_of(first, number=first.number + 1).save()


@pytest.mark.parametrize(
    "act",
    [
        lambda row: StatusList.objects.filter(pk=row.pk).update(number=row.number + 5),
        lambda row: StatusList.objects.filter(pk=row.pk).delete(),
    ],
)
def test_a_list_that_was_signed_stays(now: datetime, act: Callable[[StatusList], object]) -> None:
    first = status.sign_status(now)
    with pytest.raises(IntegrityError), transaction.atomic():
        act(first)
    assert StatusList.objects.get().number == first.number


def test_nothing_is_signed_when_nothing_changed(now: datetime) -> None:
    first = status.sign_status(now)
    assert status.sign_status(now + timedelta(hours=22)) == first
    assert Event.objects.filter(verb="status_list.signed").count() == 1
    assert status.sign_status(now + timedelta(hours=23)) != first


def test_a_database_from_an_older_copy_goes_on_above_what_was_seen(now: datetime) -> None:
    seen = [status.sign_status(now + timedelta(days=day)).number for day in range(3)]
    with connection.cursor() as cursor:  # the copy knows only the first of them
        table = StatusList._meta.db_table
        if connection.vendor == "postgresql":
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER ALL')
        else:
            cursor.execute(f"DROP TRIGGER {table}_no_delete")
        cursor.execute(f'DELETE FROM "{table}" WHERE number > %s', [seen[0]])
    assert status.sign_status(now + timedelta(days=4)).number > max(seen)


def test_a_new_key_signs_beside_the_old_one_until_that_is_retired(now: datetime) -> None:
    old = dsse.public_of(keys.signers()[0])
    status.sign_status(now)
    rotation.rotate(retire=False, now=now + timedelta(hours=1))
    new, still = [dsse.public_of(key) for key in keys.signers()]
    assert still == old
    both = signed.read(bytes(StatusList.objects.latest("number").content))
    assert both.signers([old, new]) == {old, new}
    rotation.rotate(retire=True, now=now + timedelta(days=9))
    alone = signed.read(bytes(StatusList.objects.latest("number").content))
    assert alone.signers([old, new]) == {new}
    retired = AttestationKey.objects.get(key_id=old.id)
    assert retired.until == now + timedelta(days=9)
    with pytest.raises(KeyNotReady, match="only one key"):
        rotation.rotate(retire=True, now=now + timedelta(days=9))
    verbs = list(Event.objects.filter(object_type="records.attestationkey").values_list("verb", flat=True))
    assert verbs.count("attestation_key.published") == 2
    assert verbs.count("attestation_key.retired") == 1
    assert verbs.count("attestation_key.rotated") == 2


def test_a_key_that_is_gone_is_not_replaced_in_silence(now: datetime) -> None:
    status.sign_status(now)
    for path in keys.folder().glob("*.pem"):
        path.unlink()
    with pytest.raises(KeyNotReady, match="Bring it back"):
        status.sign_status(now + timedelta(days=1))
    with pytest.raises(CommandError, match="Bring it back"):
        call_command("attestation", "sign")
    assert StatusList.objects.count() == 1


def test_the_key_lies_encrypted_for_its_owner_alone(now: datetime) -> None:
    status.sign_status(now)
    (path,) = keys.folder().glob("*.pem")
    assert path.read_bytes().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    assert (path.stat().st_mode & 0o077, path.parent.stat().st_mode & 0o077) == (0, 0)


def test_the_organisations_own_key_signs(now: datetime, settings: Any, tmp_path: Path) -> None:
    settings.ATTESTATION_KEYS = [environment(tmp_path)["IMPRIMATUR_ATTESTATION_KEY"]]
    status.sign_status(now)
    assert not keys.folder().exists()
    assert check_attestation_keys() == []
    with pytest.raises(CommandError, match="IMPRIMATUR_ATTESTATION_KEY"):
        call_command("attestation", "rotate")
    Path(settings.ATTESTATION_KEYS[0]).write_text("nothing")
    assert [fault.id for fault in check_attestation_keys()] == ["records.E003"]


def test_the_command_shows_the_keys(now: datetime, capsys: pytest.CaptureFixture[str]) -> None:
    status.sign_status(now)
    call_command("attestation", "keys")
    shown = capsys.readouterr().out
    assert AttestationKey.objects.get().key_id in shown
    assert f"Status list {StatusList.objects.get().number}" in shown
