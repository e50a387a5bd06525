"""Whether every part of the product works, as far as it can be seen from here; each check is one line of the page."""

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from redis import Redis
from redis.exceptions import RedisError

from audit import files, guards, master_keys, rotation, scanning, starting
from desk.selectors import health_of_backups, health_of_log, health_of_webhooks, jobs
from desk.selectors.part import Check, Level
from jobs import heartbeat
from records.expiry import EXPIRES_SOON, nobody_renews
from records.models import Purpose
from records.seal import authority, lists
from records.seal.refusal import NotReady

QUIET = timedelta(minutes=1)  # a worker says every few seconds that it lives, beat sweeps as often
WAITING = timedelta(minutes=2)
LITTLE, TOO_LITTLE = 2 * 1024**3, 200 * 1024**2  # bytes of free disk space


def checks(now: datetime) -> list[Check]:
    """Return all checks; a part that can't be asked is a bad one, never an error of the page."""
    return [check for part in _PARTS for check in part(now)]


def answers() -> dict[str, bool]:
    """Return whether database and cache answer; for probes."""
    return {"database": _database_answers(), "redis": _redis_answers()}


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _redis_answers() -> bool:
    try:
        cache.get("health")
    except (RedisError, OSError):
        return False
    return True


def _database(_now: datetime) -> Iterator[Check]:
    version = ".".join(map(str, connection.get_database_version()))
    if connection.vendor == "postgresql":
        yield Check(_("Database"), Level.GOOD, _("PostgreSQL {version}").format(version=version))
    else:
        size = filesizeformat(Path(str(connection.settings_dict["NAME"])).stat().st_size)
        text = _("SQLite {version}, {size}").format(version=version, size=size)
        yield Check(_("Database"), Level.GOOD, text)
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if missing:
        text = ngettext(
            "{count} migration is not applied. Run `manage.py migrate`.",
            "{count} migrations are not applied. Run `manage.py migrate`.",
            missing,
        ).format(count=missing)
        yield Check(_("Migrations"), Level.BAD, text)
    else:
        yield Check(_("Migrations"), Level.GOOD, _("All are applied."))


def _log(_now: datetime) -> Iterator[Check]:
    wrong = guards.faults()
    if wrong:
        yield Check(_("Guards of the log"), Level.BAD, " ".join(wrong) + " " + _("Run `manage.py migrate`."))
    else:
        yield Check(_("Guards of the log"), Level.GOOD, _("The database refuses to change or delete events."))


def _login(_now: datetime) -> Iterator[Check]:
    if not settings.AUDIT_LOGINS_APART:
        return
    title = _("Login of the database")
    if wrong := starting.wrong_login("application"):
        yield Check(title, Level.BAD, " ".join(wrong))
    else:
        text = _("It adds events and may do nothing else to the log; what orders and signs them has its own.")
        yield Check(title, Level.GOOD, text)


def _redis(_now: datetime) -> Iterator[Check]:
    title = _("Redis")
    try:
        with Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as client:
            server, policy = client.info(), client.config_get("maxmemory-policy").get("maxmemory-policy")
    except (RedisError, OSError):
        yield Check(
            title,
            Level.BAD,
            _("It doesn't answer. Jobs wait in the database until it does; signing in may fail."),
        )
        return
    version = _("Version {version}").format(version=server["redis_version"])
    if policy != "noeviction":
        text = _("{version}; it may forget jobs when its memory is full. Set maxmemory-policy to noeviction.")
        yield Check(title, Level.WARN, text.format(version=version))
    elif not server["aof_enabled"]:
        text = _("{version}; after its restart jobs are sent again from the database, up to a minute later.")
        yield Check(title, Level.GOOD, text.format(version=version))
    else:
        yield Check(title, Level.GOOD, _("{version}; what it takes it writes down.").format(version=version))


def _processes(now: datetime) -> Iterator[Check]:
    beats = heartbeat.last()
    yield _alive(
        _("Worker"), beats.worker, now, _("No worker gives a sign of life. Start one; jobs wait until then.")
    )
    yield _alive(
        _("Beat"),
        beats.sweep,
        now,
        _("Nothing that is due by the clock happens: no sweep has run. Start beat, and a worker."),
    )


def _alive(title: str, last: datetime | None, now: datetime, silent: str) -> Check:
    if last is None:
        return Check(title, Level.BAD, silent)
    seconds = max(0, int((now - last).total_seconds()))
    since = ngettext(
        "Last sign of life {count} second ago.", "Last sign of life {count} seconds ago.", seconds
    ).format(count=seconds)
    return (
        Check(title, Level.BAD, f"{since} {silent}")
        if now - last > QUIET
        else Check(title, Level.GOOD, since)
    )


def _queue(now: datetime) -> Iterator[Check]:
    counts, oldest = jobs.counts(), jobs.oldest_due(now)
    text = _("{due} waiting, {running} running, {done} done, {failed} failed.").format(**counts)
    if counts["failed"]:
        yield Check(_("Jobs"), Level.WARN, text)
    elif oldest is not None and now - oldest > WAITING:
        yield Check(_("Jobs"), Level.WARN, text + " " + _("The oldest waits longer than two minutes."))
    else:
        yield Check(_("Jobs"), Level.GOOD, text)


def _disk(_now: datetime) -> Iterator[Check]:
    free = shutil.disk_usage(settings.DATA_DIR).free
    text = _("{free} are free where the data are.").format(free=filesizeformat(free))
    level = Level.BAD if free < TOO_LITTLE else Level.WARN if free < LITTLE else Level.GOOD
    yield Check(_("Disk"), level, text)


def _files(_now: datetime) -> Iterator[Check]:
    title = _("Files at rest")
    try:
        used, *others = (key.name for key in master_keys.master_keys())
        for sha256 in islice(rotation.kept_files(), 1):
            files.open_file(sha256).close()
    except (master_keys.NoMasterKey, files.Lost) as fault:
        yield Check(title, Level.BAD, str(fault))
        return
    text = _("Encrypted under the master key {name}.").format(name=used)
    if others:
        text += " " + _("A rotation isn't finished: run `manage.py files rotate`.")
    yield Check(title, Level.WARN if others else Level.GOOD, text)
    if not settings.CLAMD:
        yield Check(_("Scan for malware"), Level.GOOD, _("None is configured: files are kept unseen."))
    elif scanning.answers():
        yield Check(
            _("Scan for malware"), Level.GOOD, _("clamd answers; it sees every file before it is kept.")
        )
    else:
        text = _("clamd doesn't answer at {place}. Nobody can hand in a file until it does.")
        yield Check(_("Scan for malware"), Level.BAD, text.format(place=settings.CLAMD))


def _seal(now: datetime) -> Iterator[Check]:
    # What seals takes a second to load, which other pages are spared.
    from records.seal.credentials import is_own, sealing_until  # noqa: PLC0415

    title = _("Seal of records")
    if not is_own() and authority.in_use(Purpose.SEAL) is None:
        yield Check(title, Level.GOOD, _("The key of the internal authority is made with the first record."))
        return
    try:
        until = sealing_until(now)
    except NotReady as fault:
        yield Check(title, Level.BAD, str(fault))
        return
    text = _("Certificate valid until {day}.").format(day=f"{until:%Y-%m-%d}")
    if not is_own():
        text += " " + _("It is of the internal authority: readers outside don't know it.")
    yield Check(title, Level.WARN if until - now < EXPIRES_SOON else Level.GOOD, text)


def _mail(_now: datetime) -> Iterator[Check]:
    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        text = _("Mails are written into files of the data folder; people read them in their inbox here.")
    else:
        text = _("Mails go to {host}, from {sender}.").format(
            host=f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}", sender=settings.DEFAULT_FROM_EMAIL
        )
    yield Check(_("Mail"), Level.GOOD, text)


def _certificates(now: datetime) -> Iterator[Check]:
    title = _("Certificates")
    ending = list(nobody_renews(now, EXPIRES_SOON))
    for row in ending:
        text = _("{purpose}: “{name}” is valid until {day}.").format(
            purpose=row.get_purpose_display(), name=row.name, day=f"{row.valid_until:%Y-%m-%d}"
        )
        yield Check(title, Level.WARN if row.valid_until > now else Level.BAD, text)
    old = lists.out_of_date(now)
    for name in old:
        text = _(
            "The revocation list of “{name}” is out of date. Start beat and a worker, and look at the jobs."
        )
        yield Check(title, Level.BAD, text.format(name=name))
    if not ending and not old:
        yield Check(title, Level.GOOD, _("None ends within 60 days, and the revocation lists are current."))


_PARTS: tuple[Callable[[datetime], Iterator[Check]], ...] = (
    _database,
    _log,
    _login,
    health_of_log.sequencer,
    health_of_log.alarms,
    health_of_log.reconciliation,
    _redis,
    _processes,
    _queue,
    _disk,
    _files,
    health_of_backups.checks,
    _seal,
    _certificates,
    _mail,
    health_of_webhooks.checks,
)


def not_given() -> list[str]:
    """Return what the embedded product does not give; nothing in production."""
    if not settings.EMBEDDED:
        return []
    return [
        _(
            "Row locks: SQLite lets one writer in at a time. It is slower with many people, and nothing goes wrong."
        ),
        _(
            "The commit guard: on PostgreSQL the database itself refuses a change without its event in the log."
        ),
        _(
            "Logins apart: on PostgreSQL what faces the network has no right to change the log. Here whoever can "
            "write the file of the database can remove its guards; only a checkpoint that is held elsewhere shows it."
        ),
        _("Power cuts: the last commits before one can be lost; the database stays whole."),
    ]
