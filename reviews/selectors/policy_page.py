"""The page of a policy: each setting in words with its source beside it, by procedure, and what versions change."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from reviews.models import Board, Policy
from reviews.rules.clocks import Procedure
from reviews.rules.policy import BoardPolicy, as_json, parse
from reviews.rules.policy_presets import preset_of
from reviews.rules.policy_sources import Source, SourceMark, changed_settings
from reviews.rules.procedures import KEYS_OF
from reviews.selectors.policy_values import LABELS, value_in_words
from reviews.selectors.procedure_words import PROCEDURE_NAMES

GROUPS: tuple[tuple[StrOrPromise, tuple[str, ...]], ...] = (
    (gettext_lazy("Who decides"), ("seats_minimum", "quorum", "composition", "threshold", "override")),
    (
        gettext_lazy("Ballots"),
        ("ballot_days", "circulation", "positions_hidden", "gates", "open_findings_block"),
    ),
    (
        gettext_lazy("After the decision"),
        (
            "validity_months", "continuing_months", "continuing_ahead_days", "expiry_notices", "overdue_conditions",
            "ratification_days", "appeal_days",
        ),
    ),
    (gettext_lazy("Interests"), ("conflicts", "declaration_months", "declaration_required")),
    (gettext_lazy("Before the decision"), ("completeness_days", "question_days")),
)  # fmt: skip
"""The board's settings as people read them."""

MARKS: Mapping[str, tuple[StrOrPromise, str]] = {
    SourceMark.VERIFIED: (gettext_lazy("Law, read in the text"), "good"),
    SourceMark.SECOND_HAND: (gettext_lazy("Second-hand"), "warn"),
    SourceMark.MEMORY: (gettext_lazy("From memory"), "warn"),
    SourceMark.DEFAULT: (gettext_lazy("Default"), ""),
}
"""How sure a source is, and the tone of its sign."""

PROCEDURE_WHEN: Mapping[str, StrOrPromise] = {
    Procedure.EXEMPT: gettext_lazy(
        "Internal, no personal data, no users from outside, no change of the weights: a member other than who asks "
        "and who routed it determines it, without a ballot."
    ),
    Procedure.EXPEDITED: gettext_lazy(
        "At most minimal risk, or a minor change: experienced members decide. A doubt sends it to the full procedure."
    ),
    Procedure.FULL: gettext_lazy("Everything else: the board decides by the rules above."),
    Procedure.EMERGENCY: gettext_lazy(
        "Active harm or a critical fix: the decision is provisional, and a full review follows. The standard stays."
    ),
    Procedure.EXPERT: gettext_lazy(
        "Listed activities: after the board, experts from outside review it once more."
    ),
}
"""For what a procedure is; process.md, section 4."""


@dataclass(frozen=True, slots=True)
class ShownSource:
    """A source in the reader's language: what it is called, its text, and the tone of its sign."""

    mark: str
    word: str
    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting in words; `source` None: the organisation set it itself. Without `path`: as for the board."""

    path: str
    label: str
    value: str
    source: ShownSource | None


@dataclass(frozen=True, slots=True)
class Group:
    """Settings under one heading; `about` says for what a procedure is, `off` that the board doesn't offer it."""

    title: str
    settings: tuple[Setting, ...]
    about: str = ""
    off: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """A setting that differs between two versions; `where` names the procedure, or is empty."""

    where: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PolicyPage:
    """The page of one version. `against` is the version compared with, None for the first one."""

    board: Board
    policy: Policy
    began_as: str
    groups: tuple[Group, ...]
    procedures: tuple[Group, ...]
    versions: tuple[Policy, ...]
    against: Policy | None
    changes: tuple[Change, ...]

    @property
    def sourced(self) -> bool:
        """Say whether any setting has a source; without one the organisation set all of them itself."""
        return bool(self.policy.content.get("sources"))

    @property
    def others(self) -> tuple[Policy, ...]:
        """Return the versions that it can be compared with."""
        return tuple(one for one in self.versions if one.pk != self.policy.pk)


def policy_page(board: Board, version: int, against: int | None) -> PolicyPage | None:
    """Return the page of a version, or None if there is none; compared with the one before, unless `against` says."""
    versions = tuple(Policy.objects.filter(board=board).select_related("made_by").order_by("-version"))
    policy = next((one for one in versions if one.version == version), None)
    if policy is None:
        return None
    other = next(
        (one for one in versions if one.version == (version - 1 if against is None else against)), None
    )
    other = None if other == policy else other
    rules = parse(policy.content)
    preset = preset_of(rules.preset)
    return PolicyPage(
        board=board,
        policy=policy,
        began_as=_in_language(preset.name_en, preset.name_zh) if preset else "",
        groups=tuple(board_groups(rules)),
        procedures=tuple(procedure_groups(rules)),
        versions=versions,
        against=other,
        changes=tuple(changes_between(parse(other.content), rules)) if other else (),
    )


def board_groups(rules: BoardPolicy) -> Iterator[Group]:
    """Return the board's own settings, grouped."""
    for title, keys in GROUPS:
        yield Group(str(title), tuple(_setting(rules, key, key, getattr(rules, key)) for key in keys))


def procedure_groups(rules: BoardPolicy) -> Iterator[Group]:
    """Return the settings of each procedure."""
    for code in Procedure:
        own = rules.procedures[code]
        said = {key: getattr(own, key) for key in KEYS_OF[code] if key != "offered"}
        settings = [
            _setting(rules, f"procedures.{code.value}.{key}", key, value)
            for key, value in said.items()
            if value is not None
        ]
        if None in said.values():
            settings.append(Setting("", _("All else"), value_in_words("", None), None))
        yield Group(
            title=str(PROCEDURE_NAMES[code]),
            settings=tuple(settings),
            about=str(PROCEDURE_WHEN[code]),
            off=not own.offered,
        )


def _setting(rules: BoardPolicy, path: str, key: str, value: object) -> Setting:
    return Setting(path, str(LABELS[key]), value_in_words(key, value), shown_source(rules.sources.get(path)))


def shown_source(source: Source | None) -> ShownSource | None:
    """Return the source in the reader's language."""
    if source is None:
        return None
    word, tone = MARKS[source.mark]
    return ShownSource(source.mark.value, str(word), _in_language(source.text_en, source.text_zh), tone)


def _in_language(english: str, chinese: str) -> str:
    return chinese if (get_language() or "").startswith("zh") else english


def changes_between(before: BoardPolicy, after: BoardPolicy) -> Iterator[Change]:
    """Return what differs between two policies, setting by setting, in words."""
    for path in changed_settings(as_json(before), as_json(after)):
        parts = path.split(".")
        key = parts[-1]
        old, new = _value(before, parts), _value(after, parts)
        where = str(PROCEDURE_NAMES[parts[1]]) if len(parts) > 1 else ""
        yield Change(where, str(LABELS[key]), value_in_words(key, old), value_in_words(key, new))


def _value(rules: BoardPolicy, parts: list[str]) -> Any:  # noqa: ANN401 (of any setting)
    if len(parts) == 1:
        return getattr(rules, parts[0])
    return getattr(rules.procedures[Procedure(parts[1])], parts[2])
