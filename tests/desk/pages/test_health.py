"""The page of health, and the plain answer for probes."""

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import DatabaseError, connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from accounts.models import User
from audit import files, guards, logins
from audit.log import alarms
from audit.models import Event, Reconciliation
from desk.backup import last
from desk.selectors import health
from desk.selectors.part import Check, Level
from jobs import heartbeat
from jobs.models import Job
from tests.audit.clamd import serving
from tests.desk.conftest import browser

pytestmark = pytest.mark.django_db


def named(title: str, now: datetime) -> Check:
    return next(check for check in health.checks(now) if check.title == title)


@pytest.fixture
def alive(now: datetime) -> None:
    """A worker, beat and a sequencer that gave a sign five seconds ago."""
    heartbeat.alive(now - timedelta(seconds=5))
    heartbeat.swept(now - timedelta(seconds=5))
    heartbeat.sequenced(now - timedelta(seconds=5))


@pytest.mark.both_engines
@pytest.mark.usefixtures("alive")
def test_each_part_is_named_with_its_state(now: datetime) -> None:
    found = {check.title: check for check in health.checks(now)}
    expected = {
        "Database",
        "Migrations",
        "Guards of the log",
        "Sequencer of the log",
        "Alarms of the log",
        "Database and log",
        "Redis",
        "Worker",
        "Beat",
        "Jobs",
        "Disk",
        "Seal of records",
        "Mail",
    }
    assert expected <= set(found)
    assert found["Migrations"].text == "All are applied."
    assert found["Worker"] == Check("Worker", Level.GOOD, "Last sign of life 5 seconds ago.")
    assert ("SQLite" in found["Database"].text) == (connection.vendor == "sqlite")


@pytest.mark.usefixtures("alive")
def test_events_that_wait_for_their_place_are_a_warning_and_then_a_fault(now: datetime) -> None:
    title = "Sequencer of the log"
    assert named(title, now).level == Level.GOOD
    assert "No head is signed yet." in named(title, now).text
    Event.objects.create(leaf=b"{}", object_type="a.b", object_id="1", verb="a.b", occurred_at=now)
    for seconds, level in ((5, Level.GOOD), (70, Level.WARN), (700, Level.BAD)):
        then = now + timedelta(seconds=seconds)
        heartbeat.sequenced(then)
        found = named(title, then)
        assert found.level == level
        assert "1 event waits for its place." in found.text
        assert ("manage.py sequencer" in found.text) is (level != Level.GOOD)


def test_a_sequencer_that_gives_no_sign_of_life_is_told_before_anything_waits(now: datetime) -> None:
    assert named("Sequencer of the log", now).level == Level.BAD
    for minutes, level in ((0, Level.GOOD), (2, Level.WARN), (11, Level.BAD)):
        heartbeat.sequenced(now - timedelta(minutes=minutes))
        assert named("Sequencer of the log", now).level == level


def test_in_production_it_warns_of_a_backup_that_is_missing_or_old(
    settings: Settings, tmp_path: Path, now: datetime
) -> None:
    settings.DATA_DIR = tmp_path
    assert "None was made yet" in named("Backup", now).text
    assert named("Backup", now).level == Level.WARN
    last.note(tmp_path / "imprimatur-1", now, size=2048, with_keys=True)
    assert named("Backup", now + timedelta(days=7)).level == Level.GOOD
    assert named("Backup", now).text.startswith("Made on 2026-11-23, 2.0")
    assert named("Backup", now + timedelta(days=7, seconds=1)).level == Level.WARN
    settings.EMBEDDED = True
    assert named("Backup", now + timedelta(days=8)).level == Level.GOOD


def test_the_master_keys_of_the_files_and_the_scan_are_looked_at(
    settings: Settings, tmp_path: Path, now: datetime
) -> None:
    settings.DATA_DIR = tmp_path
    files.keep(ContentFile(b"held", "a"))
    assert named("Files at rest", now).level == Level.GOOD
    assert "None is configured" in named("Scan for malware", now).text
    settings.FILES_KEYS = str(tmp_path / "keys")
    (tmp_path / "keys").write_text("another" * 10)
    wrong = named("Files at rest", now)
    assert (wrong.level, "Bring that line back" in wrong.text) == (Level.BAD, True)
    (tmp_path / "keys").write_text("another" * 10 + "\nonly-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz")
    assert "isn't finished" in named("Files at rest", now).text
    with TemporaryDirectory(dir="/tmp") as folder, serving(Path(folder) / "s"):
        settings.CLAMD = f"unix://{folder}/s"
        assert named("Scan for malware", now).level == Level.GOOD
    assert named("Scan for malware", now).level == Level.BAD


def test_a_log_that_is_not_guarded_is_bad_and_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    monkeypatch.setattr(guards, "faults", lambda: ["The trigger is missing."])
    assert named("Guards of the log", now) == Check(
        "Guards of the log", Level.BAD, "The trigger is missing. Run `manage.py migrate`."
    )


def test_in_production_a_login_with_too_many_rights_is_bad(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, now: datetime
) -> None:
    assert "Login of the database" not in {check.title for check in health.checks(now)}
    settings.AUDIT_LOGINS_APART = True
    monkeypatch.setattr(logins, "faults", lambda _role: [])
    assert named("Login of the database", now).level == Level.GOOD
    monkeypatch.setattr(logins, "faults", lambda _role: ["It owns the table."])
    wrong = named("Login of the database", now)
    assert (wrong.level, "It owns the table." in wrong.text) == (Level.BAD, True)


def test_open_alarms_of_the_log_are_bad(now: datetime) -> None:
    assert named("Alarms of the log", now).level == Level.GOOD
    alarms.raise_("sign.log.fork", "The log has two pasts.", now)
    wrong = named("Alarms of the log", now)
    assert wrong.level == Level.BAD
    assert wrong.text.startswith("The log doesn't begin with what was signed before.")
    assert wrong.text.endswith("The log has two pasts.")
    alarms.end("sign.", now)
    assert named("Alarms of the log", now).level == Level.GOOD


def test_the_comparison_of_database_and_log_is_bad_with_findings_and_a_warning_when_it_is_old(
    now: datetime,
) -> None:
    assert named("Database and log", now).level == Level.WARN
    made = Reconciliation.objects.create(made_at=now, finished_at=now, rows=12)
    good = named("Database and log", now + timedelta(days=1))
    assert (good.level, "All 12 rows are as the log tells." in good.text) == (Level.GOOD, True)
    assert named("Database and log", now + timedelta(days=3)).level == Level.WARN
    made.findings, made.first = 1, [{"kind": "inserted", "table": "reviews_vote", "id": "7", "fields": []}]
    made.save()
    bad = named("Database and log", now)
    assert (bad.level, "reviews_vote, row 7: it was added" in bad.text) == (Level.BAD, True)


def test_silence_of_worker_and_beat_is_bad_and_says_what_to_do(now: datetime) -> None:
    assert named("Worker", now).level == Level.BAD
    heartbeat.alive(now - timedelta(minutes=5))
    heartbeat.swept(now - timedelta(seconds=5))
    worker = named("Worker", now)
    assert worker.level == Level.BAD
    assert worker.text.startswith("Last sign of life 300 seconds ago. No worker")
    assert named("Beat", now).level == Level.GOOD


def test_a_failed_job_and_an_old_one_need_attention(failed: Job, now: datetime) -> None:
    assert named("Jobs", now) == Check("Jobs", Level.WARN, "0 waiting, 0 running, 0 done, 1 failed.")
    Job.objects.update(state="due", run_at=now - timedelta(minutes=3))
    assert named("Jobs", now).level == Level.WARN
    Job.objects.update(run_at=now + timedelta(minutes=3))
    assert named("Jobs", now).level == Level.GOOD


@pytest.mark.parametrize(
    ("free", "level"), [(50 * 1024**3, Level.GOOD), (1024**3, Level.WARN), (1024**2, Level.BAD)]
)
def test_little_disk_space_is_said(
    monkeypatch: pytest.MonkeyPatch, now: datetime, free: int, level: Level
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=free))
    assert named("Disk", now).level == level


def test_a_redis_that_does_not_answer_is_a_bad_part_and_no_error(
    administrator: User, settings: Settings, now: datetime
) -> None:
    settings.REDIS_URL = "unix:///nowhere/redis.sock?db=0"
    assert named("Redis", now).level == Level.BAD


@pytest.mark.usefixtures("alive")
def test_the_page_has_few_queries(
    administrator: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = browser(administrator)
    with django_assert_max_num_queries(20):
        assert client.get("/health/").status_code == 200


def test_the_embedded_product_says_what_it_does_not_give(administrator: User, settings: Settings) -> None:
    settings.EMBEDDED = True
    page = browser(administrator).get("/health/").content.decode()
    for words in ("Row locks", "commit guard", "Logins apart", "Power cuts"):
        assert words in page


def test_production_has_nothing_of_that_kind_to_say(administrator: User, settings: Settings) -> None:
    settings.EMBEDDED = False
    assert "Power cuts" not in browser(administrator).get("/health/").content.decode()


def test_to_others_this_page_does_not_exist(outsider: User, client: Client) -> None:
    assert browser(outsider).get("/health/").status_code == 404
    assert client.get("/health/")["Location"] == "/accounts/login/?next=/health/"


def test_a_probe_hears_nothing_but_which_servers_answer(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"database": True, "redis": True})
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("part", ["database", "redis"])
def test_a_probe_hears_503_when_one_does_not_answer(
    client: Client, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    def refuse(*_args: object) -> None:
        raise DatabaseError if part == "database" else OSError

    target: Callable[..., object] = refuse
    if part == "database":
        monkeypatch.setattr(connection, "cursor", target)
    else:
        monkeypatch.setattr(cache, "get", target)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()[part] is False
