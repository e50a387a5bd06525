"""Names of the registry's events."""

from django.utils.translation import gettext_lazy as _

from audit import verbs, words
from registry.vocabulary import Channel

VERBS = (
    ("project.created", _("Project opened"), _("A project was opened; who opened it may contribute.")),
    ("project.shared", _("Project shared"), _("Somebody was given a permission on the project.")),
    ("project.unshared", _("Permission ended"), _("Somebody's permission on the project was ended.")),
    ("model.registered", _("Model registered"), _("A model was named in the project.")),
    ("version.registered", _("Version registered"), _("A version of a model was registered with its facts.")),
    (
        "version.authors_read",
        _("Authors of the card read"),
        _("The people whom the model's card names as authors were kept."),
    ),
    ("manifest.attached", _("Manifest attached"), _("The files of a version were named by their digests.")),
)
_WORDS = (
    ("authors", _("authors")),
    ("channel", _("channel")),
    ("files", _("files")),
    ("manifest", _("manifest")),
    ("manifest_sha256", _("SHA-256 of the manifest")),
    ("model", _("model")),
    ("permission", _("permission")),
    ("slug", _("short name")),
)
_PERMISSIONS = {
    "view_project": _("may see the project"),
    "contribute_project": _("may contribute to the project"),
}


def register_verbs() -> None:
    """Make names and words known; called from AppConfig.ready()."""
    for name, label, sentence in VERBS:
        verbs.register(name, label, sentence)
    verbs.leave_as_is("project.shared", "project.unshared", "version.authors_read")
    for key, word in _WORDS:
        words.register(key, word)
    words.register_values("permission", _PERMISSIONS)
    words.register_values("channel", {each.value: each.label for each in Channel})
