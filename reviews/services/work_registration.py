"""What lower apps know of reminding by hand and of dates that are moved: the events and their words."""

from django.utils.translation import gettext_lazy as _

from audit import verbs, words

VERBS = (
    (
        "person.reminded",
        _("Reminded by hand"),
        _("Who leads a board reminded somebody at once of what waits for them."),
    ),
    ("deadline.moved", _("Date moved"), _("A date was moved, with a reason; the old one stands here.")),
)


def register() -> None:
    """Register all of it; called from AppConfig.ready()."""
    for name, label, sentence in VERBS:
        verbs.register(name, label, sentence)
    verbs.leave_as_is("person.reminded")
    words.register("what", _("date of"))
    words.register_values(
        "what",
        {
            "review": _("the review"), "question": _("a question"), "ballot": _("a ballot"),
            "condition": _("a condition"),
        },
    )  # fmt: skip
