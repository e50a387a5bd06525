"""Policies to begin from: a US-style IRB, a Chinese science-and-technology ethics committee, an internal board.

Each setting carries its source and how sure it is. Facts and marks are those of process.md, sections 4 and 6; what was
not read in the text itself is never told as law, and all of it can be changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reviews.rules.policy import BoardPolicy, as_json, parse
from reviews.rules.policy_sources import Source, SourceMark, kept_sources, settings_of, sources_json

V, S, M, P = SourceMark.VERIFIED, SourceMark.SECOND_HAND, SourceMark.MEMORY, SourceMark.DEFAULT

OURS = Source(
    "Default of this software; no outside rule asks for it.", "本软件的默认值，没有外部规则要求。", P
)
STANDARD = Source(
    "Default of this software: in haste the standard is not lowered.",
    "本软件的默认值：紧急时不降低标准。",
    P,
)
"""Why nothing about who decides is changed in an emergency."""
HOURS = Source(
    "From memory: 72 hours are usual for urgent reviews. Check it before you rely on it.",
    "凭记忆：紧急审查通常为 72 小时。采用前请核实。",
    M,
)
EXPERTS = Source(
    "China 2023, trial measures on ethics review of science and technology: at least five experts from outside, two "
    "thirds of all of them. Read in part; check it before you rely on it.",
    "《科技伦理审查办法（试行）》（2023）：外部复核专家不少于 5 人，须全体专家三分之二以上同意。"
    "仅阅读了部分条文，采用前请核实。",
    S,
)
REVIEWERS = Source(
    "45 CFR 46.110: the chair or one or more experienced members review.",
    "45 CFR 46.110：由主席或一名以上有经验的委员审查。",
    V,
)
MAY_NOT_REJECT = Source(
    "45 CFR 46.110: expedited review may not disapprove; only full review may.",
    "45 CFR 46.110：快速审查不得作出否决，否决只能经全体会议审查作出。",
    V,
)

_TWO_THIRDS = {"numerator": 2, "denominator": 3, "strict": False, "of": "present_and_eligible"}
_HALF = {"numerator": 1, "denominator": 2, "strict": True, "of": "present_and_eligible"}


@dataclass(frozen=True, slots=True)
class Preset:
    """A policy to begin from; `content` is its whole JSON with a source for every setting that says something."""

    code: str
    name_en: str
    name_zh: str
    about_en: str
    about_zh: str
    content: Mapping[str, Any]


def _content(code: str, settings: Mapping[str, Any], sources: Mapping[str, Source]) -> dict[str, Any]:
    """Return the whole policy; where no source is named it is our own default."""
    whole = as_json(parse({**_LEAST, **settings, "preset": code}))
    named = {
        path: sources.get(path, _usual(path))
        for path, value in settings_of(whole).items()
        if value is not None
    }
    return as_json(parse(whole | {"sources": sources_json(named)}))


def _usual(path: str) -> Source:
    """Return the source of a setting that a preset doesn't name."""
    usual = {
        "procedures.expedited.reviewers": REVIEWERS,
        "procedures.expedited.may_reject": MAY_NOT_REJECT,
        "procedures.emergency.term": HOURS,
        "procedures.expert.panel_minimum": EXPERTS,
        "procedures.expert.panel_threshold": EXPERTS,
    }
    return usual.get(path, OURS)


_LEAST: dict[str, Any] = {
    "quorum": {"kind": "majority_of_seats"},
    "threshold": _HALF,
    "ballot_days": 3,
    "declaration_months": 12,
}

US_IRB = Preset(
    code="us-irb",
    name_en="Board in the style of a US IRB",
    name_zh="美国机构审查委员会（IRB）式",
    about_en="Majority of the seats with one non-scientist, more than half of those present, in meetings.",
    about_zh="过半席位出席且至少一名非科学专业委员在场，出席者过半数通过，在会议上表决。",
    content=_content(
        "us-irb",
        {
            "seats_minimum": 5,
            "composition": [{"at_least": 1, "any_of": ["non_technical"]}],
            "circulation": False,
            "continuing_months": 12,
        },
        {
            "seats_minimum": Source(
                "45 CFR 46.107: at least five members.", "45 CFR 46.107：委员不少于 5 人。", V
            ),
            "quorum": Source(
                "45 CFR 46.108: a majority of the members is present.",
                "45 CFR 46.108：过半数委员出席。",
                V,
            ),
            "composition": Source(
                "45 CFR 46.108: among those present at least one member whose primary concerns are not scientific.",
                "45 CFR 46.108：出席者中至少一名委员主要关注非科学领域。",
                V,
            ),
            "threshold": Source(
                "45 CFR 46.108: a majority of those present approves.",
                "45 CFR 46.108：须经出席委员过半数同意。",
                V,
            ),
            "circulation": Source(
                "From memory: full review takes place at convened meetings. Check it before you rely on it.",
                "凭记忆：全体审查在召开的会议上进行。采用前请核实。",
                M,
            ),
            "continuing_months": Source(
                "45 CFR 46.109(e), second-hand: continuing review at least once a year.",
                "45 CFR 46.109(e)，转引：至少每年一次跟踪审查。",
                S,
            ),
        },
    ),
)

CN_ETHICS = Preset(
    code="cn-ethics-2023",
    name_en="Chinese science-and-technology ethics committee (2023)",
    name_zh="科技伦理（审查）委员会（2023）",
    about_en="At least seven seats, five present from different categories, two thirds of those present.",
    about_zh="委员不少于 7 人，至少 5 名不同类别的委员出席，出席者三分之二以上通过。",
    content=_content(
        "cn-ethics-2023",
        {
            "seats_minimum": 7,
            "quorum": {"kind": "count", "count": 5},
            "composition": [
                {"at_least": 1, "any_of": ["expert"]},
                {"at_least": 1, "any_of": ["non_technical", "lay"]},
                {"at_least": 1, "any_of": ["external"]},
            ],
            "threshold": _TWO_THIRDS,
            "continuing_months": 12,
            "procedures": {"expedited": {"reviewers": 2}},
        },
        {
            "seats_minimum": Source(
                "Trial measures 2023, article 7: at least seven members.",
                "《科技伦理审查办法（试行）》（2023）第七条：委员人数不少于 7 人。",
                V,
            ),
            "quorum": Source(
                "Trial measures 2023: at least five members are present, from the different categories.",
                "《科技伦理审查办法（试行）》（2023）：出席委员不少于 5 人，并包括不同类别的委员。",
                V,
            ),
            "composition": Source(
                "The trial measures 2023 ask for members of different categories; which of them stand for the "
                "categories is a default of this software.",
                "《科技伦理审查办法（试行）》（2023）要求包括不同类别的委员；以哪些属性代表各类别，是本软件的默认值。",
                P,
            ),
            "threshold": Source(
                "From memory: two thirds of those present. Check it before you rely on it.",
                "凭记忆：出席委员三分之二以上同意。采用前请核实。",
                M,
            ),
            "continuing_months": Source(
                "Trial measures 2023, second-hand: at most every 12 months; 6 for listed activities, from memory.",
                "《科技伦理审查办法（试行）》（2023），转引：跟踪审查间隔不超过 12 个月；"
                "清单内活动为 6 个月（凭记忆）。",
                S,
            ),
            "procedures.full.term": Source(
                "Trial measures 2023, second-hand: a decision in 30 days.",
                "《科技伦理审查办法（试行）》（2023），转引：30 日内作出决定。",
                S,
            ),
            "procedures.expedited.reviewers": Source(
                "From memory: two or more members review in the simple procedure. Check it before you rely on it.",
                "凭记忆：简易程序由两名以上委员审查。采用前请核实。",
                M,
            ),
            "procedures.expedited.may_reject": OURS,
        },
    ),
)

INTERNAL = Preset(
    code="internal-release",
    name_en="Internal release board",
    name_zh="内部发布评审委员会",
    about_en="Two thirds of all seats that are not recused, positions hidden until closing; all of it our defaults.",
    about_zh="全部未回避席位的三分之二通过，表决结束前立场保密；全部为本软件的默认值。",
    content=_content(
        "internal-release",
        {
            "threshold": _TWO_THIRDS | {"of": "seated_minus_recused"},
            "composition": [{"at_least": 1, "any_of": ["lay", "external"]}],
            "gates": ["release-readiness"],
            "positions_hidden": True,
            "conflicts": ["same_project", "same_team", "line_manager", "card_author"],
            "continuing_months": 6,
            "overdue_conditions": {"escalate_days": 7, "suspend_days": 30},
        },
        {
            "threshold": Source(
                "Default of this software, after the way in which the IETF counts: of all who are not recused.",
                "本软件的默认值，参照 IETF 的计算方式：以全部未回避者为分母。",
                P,
            ),
            "procedures.emergency.provisional_days": STANDARD,
            "procedures.expedited.reviewers": OURS,
            "procedures.expedited.may_reject": Source(
                "Default of this software: a doubt is discussed by the whole board.",
                "本软件的默认值：有疑问即由全体委员讨论。",
                P,
            ),
        },
    ),
)

PRESETS: Mapping[str, Preset] = {preset.code: preset for preset in (US_IRB, CN_ETHICS, INTERNAL)}


def preset_of(code: str) -> Preset | None:
    """Return the preset of the code, or None."""
    return PRESETS.get(code)


def policy_of_preset(code: str) -> BoardPolicy:
    """Return the policy of the preset; raises KeyError for another code."""
    return parse(PRESETS[code].content)


def begun_from(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the whole JSON of a policy that begins with the base and changes some of it.

    A setting that was changed has no source any more: the organisation set it itself. Raises PolicyError.
    """
    whole = as_json(parse({**base, **changes, "sources": {}}))
    return as_json(parse(whole | {"sources": kept_sources(as_json(parse(base)), whole)}))
