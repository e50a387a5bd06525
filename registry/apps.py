"""Registers the registry app: its events, what they vouch for, and where they belong."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """The registry app."""

    name = "registry"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what lower apps must know of the registry."""
        from accounts.grants import fields_of_grant  # noqa: PLC0415  (models load after the apps)
        from audit import scope, tracking  # noqa: PLC0415  (models load after the apps)
        from registry.models import (  # noqa: PLC0415  (models load after the apps)
            AIModel,
            CardAuthor,
            Manifest,
            ModelVersion,
            Project,
            ProjectGroupGrant,
            ProjectUserGrant,
        )
        from registry.verbs import register_verbs  # noqa: PLC0415  (models load after the apps)

        register_verbs()
        tracking.track(Project, ["slug", "name", "description"])
        tracking.track(AIModel, ["project", "name", "description"])
        tracking.track(
            ModelVersion,
            [
                "model", "number", "modalities", "base_model", "relation", "parameters", "training_compute_flop",
                "licence", "channel", "markets", "manifest",
            ],
        )  # fmt: skip
        # its text, which can be megabytes, isn't: the digest is that of the text
        tracking.track(Manifest, ["version", "sha256", "file_count"])
        tracking.track(CardAuthor, ["version", "name", "email", "source_name", "place"], personal=True)
        for grant in (ProjectUserGrant, ProjectGroupGrant):
            tracking.track(grant, fields_of_grant(grant))
        scope.register("registry.project", lambda project: scope.Place(project=project.pk))
        scope.register("registry.aimodel", lambda model: scope.Place(project=model.project_id))
        scope.register("registry.modelversion", lambda version: scope.Place(project=version.model.project_id))
