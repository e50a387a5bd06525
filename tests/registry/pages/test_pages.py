"""Pages of the registry: models, projects, versions, manifests; who sees them and who adds to them."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from accounts.roles import Role
from registry.models import AIModel, ModelVersion, Project, ProjectUserGrant
from registry.services import attach_manifest
from tests.dossiers import MANIFEST, NOW, a_project, a_version, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def requester() -> User:
    return person("Ravi Requester", Role.RESEARCHER)


@pytest.fixture
def outsider() -> User:
    return person("Oto Outsider", Role.RESEARCHER)


@pytest.fixture
def version(requester: User) -> ModelVersion:
    return a_version(requester, summary="port assistant")


def entered(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_researcher_comes_from_nothing_to_a_version_with_its_manifest(requester: User) -> None:
    client = entered(requester)
    assert b"No models yet." in client.get("/models/").content
    page = client.post("/models/projects/new/", {"name": "Harbor", "description": ""})
    project = Project.objects.get()
    assert page["Location"] == f"/models/projects/{project.pk}/"
    client.post(f"/models/projects/{project.pk}/models/new/", {"name": "Harbor-7B"})
    model = AIModel.objects.get()
    sent = {
        "number": "2.1", "modalities": ["text"], "relation": "finetuned", "channel": "open_weights",
        "parameters": "7e9", "training_compute_flop": "3.1e25", "markets": ["cn", "eu"],
    }  # fmt: skip
    page = client.post(f"/models/{model.pk}/versions/new/", sent)
    assert b"Name the base model" in page.content
    client.post(f"/models/{model.pk}/versions/new/", sent | {"base_model": "Harbor 2.0"})
    version = ModelVersion.objects.get()
    assert (version.parameters, version.training_compute_flop) == (7_000_000_000, Decimal("3.1e25"))
    page = client.post(f"/models/versions/{version.pk}/manifest/", {"text": MANIFEST.decode()})
    assert page["Location"] == f"/models/versions/{version.pk}/"
    assert client.get(f"/models/versions/{version.pk}/manifest.sha256").content == MANIFEST
    again = client.post(f"/models/{model.pk}/versions/new/", sent | {"base_model": "Harbor 2.0"})
    assert b"has a version of this number" in again.content
    assert (
        b"has a model of this name"
        in client.post(f"/models/projects/{project.pk}/models/new/", {"name": "Harbor-7B"}).content
    )


@pytest.mark.parametrize("number", ["x", "-1", "1.5", "1e400", "nan", "٣", "1e40", "9" * 70])
def test_a_count_that_is_none_is_refused(requester: User, version: ModelVersion, number: str) -> None:
    sent = {"number": "9", "modalities": ["text"], "relation": "none", "channel": "api", "parameters": number}
    page = entered(requester).post(f"/models/{version.model_id}/versions/new/", sent)
    assert page.status_code == 200
    assert b"Nothing was saved" in page.content
    assert ModelVersion.objects.count() == 1


def test_wrong_lines_of_a_manifest_are_named(requester: User, version: ModelVersion) -> None:
    upload = SimpleUploadedFile("m.sha256", ("A" * 64 + "  a\n" + "a" * 64 + " *b\n").encode())
    page = entered(requester).post(f"/models/versions/{version.pk}/manifest/", {"file": upload})
    assert b"line 1: the digest has upper-case letters" in page.content
    assert b"line 2: the * of binary mode" in page.content
    version.refresh_from_db()
    assert version.manifest is None


def test_the_list_has_pages_and_a_search(requester: User, django_assert_max_num_queries: Any) -> None:
    project = a_project(requester)
    AIModel.objects.bulk_create(
        AIModel(
            project=project, name=f"Model {n:03}", created_at=NOW + timedelta(minutes=n), created_by=requester
        )
        for n in range(120)
    )
    client = entered(requester)
    with django_assert_max_num_queries(15):
        text = client.get("/models/").content.decode()
    assert "Model 119" in text
    assert "Model 069" not in text
    older = text.split('href="?before=')[1].split('"')[0]
    text = client.get(f"/models/?before={older}").content.decode()
    assert "Model 069" in text
    assert "Model 070" not in text
    newer = text.split('href="?after=')[1].split('"')[0]
    assert "Model 119" in client.get(f"/models/?after={newer}").content.decode()
    found = client.get("/models/?q=Model 007").content.decode()
    assert "Model 007" in found
    assert "Model 008" not in found
    assert "No model fits." in client.get("/models/?q=zzz").content.decode()


def test_pages_of_one_thing_keep_to_their_queries(
    requester: User, version: ModelVersion, django_assert_max_num_queries: Any
) -> None:
    attach_manifest(actor=requester, version_id=version.pk, text=MANIFEST, total_size=15_200, now=NOW)
    client = entered(requester)
    addresses = [
        f"/models/projects/{version.model.project_id}/",
        f"/models/{version.model_id}/",
        f"/models/versions/{version.pk}/",
    ]
    for address in addresses:
        with django_assert_max_num_queries(15):
            assert client.get(address).status_code == 200


def test_somebody_is_let_in_by_their_address_and_out_again(
    requester: User, outsider: User, version: ModelVersion
) -> None:
    client, project = entered(requester), version.model.project_id
    nobody = client.post(
        f"/models/projects/{project}/share/", {"email": "x@example.org", "may_contribute": "view"}
    )
    assert b"Nobody here has this address" in nobody.content
    client.post(f"/models/projects/{project}/share/", {"email": outsider.email, "may_contribute": "view"})
    assert entered(outsider).get(f"/models/versions/{version.pk}/").status_code == 200
    assert entered(outsider).get(f"/models/{version.model_id}/versions/new/").status_code == 403
    grant = ProjectUserGrant.objects.get(user=outsider)
    client.post(f"/models/projects/{project}/grants/{grant.pk}/end/")
    assert entered(outsider).get(f"/models/versions/{version.pk}/").status_code == 404


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.LEGAL, Role.ADMINISTRATOR, Role.RELEASE_MANAGER])
def test_staff_read_every_model_and_add_nothing(version: ModelVersion, role: Role) -> None:
    client = entered(person("Stan Staff", role))
    assert client.get(f"/models/versions/{version.pk}/").status_code == 200
    assert client.get(f"/models/versions/{version.pk}/manifest/").status_code == 403


GET = ["projects/{project}/", "{model}/", "versions/{version}/", "versions/{version}/manifest.sha256",
       "projects/{project}/models/new/", "{model}/versions/new/", "versions/{version}/manifest/"]  # fmt: skip
POST = ["projects/{project}/share/", "projects/{project}/grants/1/end/"]


@pytest.mark.parametrize("part", [*GET, *POST])
def test_outsiders_find_nothing_and_visitors_are_sent_to_sign_in(
    outsider: User, version: ModelVersion, part: str
) -> None:
    ids = {"project": version.model.project_id, "model": version.model_id, "version": version.pk}
    address = "/models/" + part.format(**ids)
    ask = "post" if part in POST else "get"
    assert getattr(entered(outsider), ask)(address).status_code == 404
    assert "/accounts/login/" in getattr(Client(), ask)(address)["Location"]
    if part in POST:
        assert entered(outsider).get(address).status_code == 405
    assert entered(outsider).get("/models/").content.count(b"Harbor") == 0


def test_who_may_not_open_a_project_is_told(version: ModelVersion) -> None:
    assert entered(person("Lea Legal", Role.LEGAL)).get("/models/projects/new/").status_code == 403
