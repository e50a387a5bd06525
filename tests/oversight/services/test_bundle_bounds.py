"""What stands in a bundle and what doesn't: bounds of an engagement, files by their digest, acts at the same moment."""

import tempfile
from pathlib import Path
from typing import IO, Any

import pytest
from django.test import Client

from accounts.models import User
from audit import files, trail
from audit.models import Event
from imprimatur.bundle.verify import Wrong
from oversight.building import NotMade
from oversight.bundling import ask_for_request_bundle
from oversight.models import Engagement
from oversight.services import end_engagement
from tests.dossiers import NOW
from tests.oversight.bundles import (
    LATER,
    asked,
    inside,
    is_whole,
    make,
    names,
)
from tests.oversight.conftest import Audited

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_reviews")]


@pytest.fixture(autouse=True)
def _own_folders(settings: Any, tmp_path: Path) -> None:
    """The signer remembers what it signed, whatever the database forgets after a test."""
    settings.DATA_DIR, settings.LOG_SIGNER = tmp_path, tmp_path / "signer"


def test_the_bundle_of_a_request_discloses_under_an_engagement_no_more_than_the_engagement_covers(
    audited: Audited, basil: User
) -> None:
    with_names: dict[str, Any] = {"with_disclosures": True, "reason": "To see."}
    made = make(
        ask_for_request_bundle(actor=basil, reference=audited.request.reference, now=LATER, **with_names)
    )
    assert is_whole(made)
    about = Event.objects.filter(root_id=str(audited.request.pk), root_type="reviews.reviewrequest")
    indexes = {
        board: set(about.filter(board=board).values_list("entry__leaf_index", flat=True))
        for board in ("", str(audited.house.boards["ethics"].pk), str(audited.house.boards["safety"].pk))
    }
    disclosed = {line["index"] for line in inside(made, "disclosures.jsonl")}
    shared, own, others = indexes.values()
    assert others
    assert disclosed
    assert disclosed <= shared | own


def test_a_file_of_somebody_else_comes_not_along_because_its_digest_was_written_somewhere(
    audited: Audited, aude: User
) -> None:
    secret = files.keep_chunks([b"of the other project"]).sha256
    model = audited.request.version.model
    trail.record("model.registered", obj=model, actor=audited.house.ravi, now=NOW, data={"name": secret})
    made = make(asked(aude))
    assert is_whole(made)
    assert f"attachments/{secret}" not in names(made)


@pytest.mark.parametrize("is_forged", [False, True])
def test_who_looked_while_somebody_changed_it_makes_no_bundle_wrong_and_hides_no_forgery(
    audited: Audited, wanda: User, aude: User, is_forged: bool
) -> None:
    """The act of looking told of the engagement as it was before it ended."""
    seen = Engagement.objects.get(title="Audit by Aude Auditor")
    end_engagement(actor=audited.house.ada, engagement_id=seen.pk, reason="Done.", now=LATER)
    trail.record("engagement.viewed", obj=seen, actor=aude, now=LATER)
    if is_forged:
        Engagement.objects.filter(pk=seen.pk).update(title="Another")
    made = make(asked(wanda, engagement_id=Engagement.objects.get(title="Audit by Wanda Auditor").pk))
    if is_forged:
        with pytest.raises(Wrong, match="another state"):
            is_whole(made)
    else:
        assert is_whole(made)


def test_with_a_wrong_setting_of_witnesses_the_policy_says_so_and_a_bundle_why_it_is_not_made(
    audited: Audited, aude: User, client: Client, settings: Any
) -> None:
    settings.LOG_WITNESSES = "no witness at all"
    response = client.get("/log/policy")
    assert response.status_code == 503
    assert "setting of the witnesses is wrong" in response.content.decode()
    bundle = asked(aude)
    with pytest.raises(NotMade, match="setting of the witnesses is wrong"):
        make(bundle)


def test_nothing_of_a_bundle_waits_readable_on_the_disk(
    audited: Audited, aude: User, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    opened: list[Path] = []

    def kept(dir: Path) -> IO[bytes]:  # noqa: A002  (its name in the library)
        opened.append(tmp_path / f"waits-{len(opened)}")
        return opened[-1].open("w+b")

    monkeypatch.setattr(tempfile, "TemporaryFile", kept)
    made = make(asked(aude, with_disclosures=True, reason="To talk to them."))
    assert "Ravi Requester" in {line["value"] for line in inside(made, "disclosures.jsonl")}
    assert len(opened) == 2
    for path in opened:
        assert path.stat().st_size > 1000
        assert b"Ravi" not in path.read_bytes()
        assert b"index" not in path.read_bytes()
