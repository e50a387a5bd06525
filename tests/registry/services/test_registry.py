"""Projects, models, versions and manifests: who may, what is refused, and which event it leaves."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.models import User
from accounts.roles import Role
from audit.models import Event
from audit.refusal import Refused
from imprimatur.manifest import ManifestInvalid
from registry import events
from registry.models import AIModel, ModelVersion
from registry.permissions import project_to_view, visible_projects, why_not_contribute
from registry.services import (
    VersionFacts,
    attach_manifest,
    end_grant,
    found_project,
    register_model,
    register_version,
    share_project,
)
from tests.dossiers import MANIFEST, NOW, a_project, a_version, person

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


@pytest.fixture
def requester() -> User:
    return person("Ravi Requester", Role.RESEARCHER)


@pytest.fixture
def outsider() -> User:
    return person("Oto Outsider", Role.RESEARCHER)


def verbs() -> list[str]:
    return [event.verb for event in Event.objects.filter(object_type__startswith="registry.").order_by("id")]


def test_who_opens_a_project_contributes_to_it_and_others_do_not_see_it(
    requester: User, outsider: User
) -> None:
    project = a_project(requester)
    assert why_not_contribute(requester, project, NOW) is None
    assert list(visible_projects(outsider, NOW)) == []
    with pytest.raises(Http404):
        project_to_view(outsider, project.pk, NOW)
    assert verbs() == ["project.created"]


def test_who_is_neither_researcher_nor_administrator_opens_no_project() -> None:
    with pytest.raises(PermissionDenied):
        found_project(actor=person("Lea Legal", Role.LEGAL), name="Mine", now=NOW)
    assert verbs() == []


def test_two_projects_of_one_name_get_addresses_of_their_own(requester: User) -> None:
    slugs = {a_project(requester, name).slug for name in ["Harbor", "Harbor", "港口", "海"]}
    assert slugs == {"harbor", "harbor-2", "project", "project-2"}


def test_a_grant_ends_at_its_moment(requester: User, outsider: User) -> None:
    project = a_project(requester)
    share_project(
        actor=requester, project_id=project.pk, person=outsider, may_contribute=False, until=NOW + timedelta(days=1),
        now=NOW,
    )  # fmt: skip
    assert list(visible_projects(outsider, NOW)) == [project]
    assert why_not_contribute(outsider, project, NOW)
    assert list(visible_projects(outsider, NOW + timedelta(days=1))) == []


def test_who_only_sees_a_project_lets_nobody_in(requester: User, outsider: User) -> None:
    project = a_project(requester)
    share_project(actor=requester, project_id=project.pk, person=outsider, may_contribute=False, now=NOW)
    with pytest.raises(PermissionDenied):
        share_project(actor=outsider, project_id=project.pk, person=outsider, may_contribute=True, now=NOW)
    with pytest.raises(PermissionDenied):
        register_model(actor=outsider, project_id=project.pk, name="Theirs", now=NOW)
    assert not AIModel.objects.exists()


def test_an_ended_grant_can_be_given_again(requester: User, outsider: User) -> None:
    project = a_project(requester)
    grant = share_project(
        actor=requester, project_id=project.pk, person=outsider, may_contribute=True, now=NOW
    )
    end_grant(actor=requester, project_id=project.pk, grant_id=grant.pk, now=NOW)
    assert not visible_projects(outsider, NOW).exists()
    with pytest.raises(Refused):
        end_grant(actor=requester, project_id=project.pk, grant_id=grant.pk, now=NOW)
    share_project(actor=requester, project_id=project.pk, person=outsider, may_contribute=True, now=NOW)
    assert visible_projects(outsider, NOW).exists()
    assert verbs() == ["project.created", "project.shared", "project.unshared", "project.shared"]


def test_nobody_ends_their_own_permission(requester: User) -> None:
    project = a_project(requester)
    with pytest.raises(Refused):
        end_grant(actor=requester, project_id=project.pk, grant_id=project.user_grants.get().pk, now=NOW)
    assert why_not_contribute(requester, project, NOW) is None


def test_a_version_is_told_to_who_registered_for_it_in_the_same_transaction(
    requester: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[ModelVersion, User | None]] = []
    monkeypatch.setattr(
        events, "_on_version_created", [lambda version, actor, now: told.append((version, actor))]
    )
    version = a_version(requester)
    assert told == [(version, requester)]


def test_a_failing_follower_undoes_the_registration(requester: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_given: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(events, "_on_version_created", [fails])
    with pytest.raises(RuntimeError):
        a_version(requester)
    assert not ModelVersion.objects.exists()
    assert "version.registered" not in verbs()


def test_a_number_names_one_version_of_a_model(requester: User) -> None:
    version = a_version(requester, number="2.1")
    with pytest.raises(Refused):
        register_version(
            actor=requester, model=version.model, facts=VersionFacts(number="2.1", channel="api"), now=NOW
        )
    assert ModelVersion.objects.count() == 1


@pytest.mark.parametrize(
    "facts",
    [VersionFacts(number="1", channel="api", relation="finetuned"), VersionFacts(number="1", channel="post")],
)
def test_facts_that_say_too_little_are_refused(requester: User, facts: VersionFacts) -> None:
    model = register_model(actor=requester, project_id=a_project(requester).pk, name="Harbor", now=NOW)
    with pytest.raises(Refused):
        register_version(actor=requester, model=model, facts=facts, now=NOW)
    assert not ModelVersion.objects.exists()


def test_large_numbers_are_kept_to_fifteen_digits_on_every_database(requester: User) -> None:
    version = a_version(
        requester, training_compute_flop=Decimal(31000000000000000000000007), parameters=10**13
    )
    assert version.training_compute_flop == Decimal(31000000000000100000000000)
    version.refresh_from_db()
    assert version.training_compute_flop == Decimal(31000000000000100000000000)
    assert (version.compute_in_words, version.parameters_in_words) == ("3.1e25", "10 T")


def test_what_lies_barely_above_a_threshold_stays_above_it(requester: User) -> None:
    version = a_version(requester, training_compute_flop=Decimal(10000000000000000000000001))
    version.refresh_from_db()
    assert version.training_compute_flop is not None
    assert version.training_compute_flop > Decimal("1e25")


def test_a_manifest_is_kept_sorted_and_a_new_one_takes_its_place(requester: User) -> None:
    version = a_version(requester)
    lines = MANIFEST.splitlines(keepends=True)
    first = attach_manifest(actor=requester, version_id=version.pk, text=b"".join(reversed(lines)), now=NOW)
    assert bytes(first.text) == MANIFEST
    assert first.file_count == 2
    second = attach_manifest(actor=requester, version_id=version.pk, text=lines[0], total_size=12, now=NOW)
    version.refresh_from_db()
    assert version.manifest == second
    assert version.manifests.count() == 2
    assert verbs().count("manifest.attached") == 2


def test_a_wrong_manifest_changes_nothing(requester: User, outsider: User) -> None:
    version = a_version(requester)
    with pytest.raises(ManifestInvalid):
        attach_manifest(actor=requester, version_id=version.pk, text=b"nothing of the kind", now=NOW)
    with pytest.raises(Http404):
        attach_manifest(actor=outsider, version_id=version.pk, text=MANIFEST, now=NOW)
    version.refresh_from_db()
    assert version.manifest is None
    assert "manifest.attached" not in verbs()
