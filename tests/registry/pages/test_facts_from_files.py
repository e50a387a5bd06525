"""The form of a new version, filled in from a model card and the header of the weights."""

import json
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from registry.models import AIModel, ModelVersion
from registry.services import register_model
from tests.dossiers import NOW, a_project, person

pytestmark = pytest.mark.django_db
HEADER = "license: other\nlicense_name: harbor-licence\nbase_model: harbor/base\npipeline_tag: text-to-image"
CARD = f"---\n{HEADER}\n---\n# A\n".encode()


@pytest.fixture
def model() -> AIModel:
    ravi = person("Ravi Requester", Role.RESEARCHER)
    return register_model(actor=ravi, project_id=a_project(ravi).pk, name="Harbor-7B", now=NOW)


def read(model: AIModel, **files: Any) -> str:
    client = Client()
    client.force_login(model.created_by)
    answer = client.post(f"/models/{model.pk}/versions/new/", {"read": "1", **files})
    assert answer.status_code == 200
    return answer.content.decode()


def test_facts_are_filled_in_with_the_place_that_states_them_and_nothing_is_registered(
    model: AIModel,
) -> None:
    header = json.dumps(
        {"w": {"dtype": "BF16", "shape": [7, 10**9], "data_offsets": [0, 14 * 10**9]}}
    ).encode()
    start = len(header).to_bytes(8, "little") + header
    page = read(
        model, card=SimpleUploadedFile("README.md", CARD),
        weights=SimpleUploadedFile("model.safetensors", start), **{"size-weights-0": len(start) + 14 * 10**9},
    )  # fmt: skip
    assert 'value="harbor-licence"' in page
    assert "Stated in README.md, line 3, license_name. Check it." in page
    assert 'value="harbor/base"' in page
    assert "A base model is stated, but not how this version was made from it." in page
    boxes = re.findall(r'name="modalities" value="(\w+)"[^>]* checked', page)
    assert boxes == ["text", "image"]
    assert 'value="7000000000"' in page
    assert "Stated in model.safetensors, tensor header. Check it." in page
    assert not ModelVersion.objects.exists()


def test_a_broken_file_is_named_with_its_place_and_the_other_still_counts(model: AIModel) -> None:
    page = read(
        model, card=SimpleUploadedFile("README.md", CARD),
        weights=SimpleUploadedFile("model.safetensors", bytes(8)),
    )  # fmt: skip
    assert "model.safetensors: tensor header: the header has the length 0" in page
    assert 'value="harbor-licence"' in page


def test_files_that_state_none_of_the_facts_say_so(model: AIModel) -> None:
    assert "The files state no fact that this form asks for." in read(
        model, card=SimpleUploadedFile("README.md", b"# Nothing\n")
    )


def test_authors_of_the_card_are_filled_in_and_kept_with_the_version(model: AIModel) -> None:
    page = read(
        model,
        card=SimpleUploadedFile("README.md", CARD + b"\n## Authors\n\nAna Diaz (ana@example.org), Ben Ito\n"),
    )
    assert "Ana Diaz &lt;ana@example.org&gt;\nBen Ito</textarea>" in page
    client = Client()
    client.force_login(model.created_by)
    given = {"number": "1.0", "modalities": ["text"], "relation": "none", "channel": "internal"}
    client.post(
        f"/models/{model.pk}/versions/new/", given | {"card_authors": "Ana Diaz <ana@example.org>\nBen Ito"}
    )
    version = ModelVersion.objects.get()
    assert [(author.name, author.email) for author in version.card_authors.all()] == [
        ("Ana Diaz", "ana@example.org"), ("Ben Ito", ""),
    ]  # fmt: skip
    assert "Ben Ito" in client.get(reverse("registry:version", args=[version.pk])).content.decode()
