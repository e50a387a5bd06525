"""Names of the registry's events."""

from django.utils.translation import gettext_lazy as _

from audit import verbs

VERBS = (
    ("project.created", _("Project opened"), _("A project was opened; who opened it may contribute.")),
    ("project.shared", _("Project shared"), _("Somebody was given a permission on the project.")),
    ("project.unshared", _("Permission ended"), _("Somebody's permission on the project was ended.")),
    ("model.registered", _("Model registered"), _("A model was named in the project.")),
    ("version.registered", _("Version registered"), _("A version of a model was registered with its facts.")),
    ("manifest.attached", _("Manifest attached"), _("The files of a version were named by their digests.")),
)


def register_verbs() -> None:
    """Make the names known; called from AppConfig.ready()."""
    for name, label, sentence in VERBS:
        verbs.register(name, label, sentence)
