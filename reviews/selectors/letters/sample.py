"""What a letter would tell in an invented case, so that an administrator sees a text filled in before it is used."""

from hashlib import sha256

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from records.letter_context import LetterCondition
from reviews.rules.letter_kinds import DECISIONS, LetterKind
from reviews.selectors.letters.told import Told
from reviews.selectors.record.duties import appeal_route, reporting_duties
from reviews.selectors.words import PROCEDURES, SIGNING_ROLES

ZONE = "Asia/Shanghai"
_DECIDED, _SIGNED = "2026-11-17T06:32:00.000000Z", "2026-11-20T01:58:33.000000Z"
_SIGNED_BY = {LetterKind.APPROVED, LetterKind.CONDITIONS, LetterKind.PROVISIONAL}
_HANS = "zh"


def sample_of(kind: LetterKind) -> Told:
    """Return an invented case for a letter of this kind, in the active language."""
    told = Told(
        reference="IMP-2026-0147-L2",
        request="IMP-2026-0147",
        title=in_words("Heron-2 14B Instruct 2.3.0", "苍鹭二号14B指令模型 2.3.0"),
        subtitle=in_words("Open weights for registered research users", "向注册研究用户开放权重"),
        board=in_words("Model Release Review Board", "模型发布审查委员会"),
        time_zone=ZONE,
        addressed_to=[in_words("Dr. Lin Yuqing", "林雨晴博士"), in_words("Project Heron", "苍鹭项目组")],
        written_at=_SIGNED,
        values={},
        revision=3,
        revision_sha256=invented_digest("dossier"),
        manifest_sha256=invented_digest("model"),
    )
    told.values = _values(told)
    told.facts = [
        {"label": _("Model digest"), "text": "", "digest": told.manifest_sha256},
        {"label": _("Dossier, revision {number}").format(number=3), "text": "", "digest": told.revision_sha256},
    ]  # fmt: skip
    if kind in DECISIONS:
        _add_decision(told)
    if kind == LetterKind.CONDITIONS:
        told.conditions = invented_conditions()
    if kind in _SIGNED_BY:
        _add_signatures(told)
    told.duties = reporting_duties()
    told.questions = [
        in_words("What happens when somebody misuses the weights?", "权重被滥用时如何处置？"),
        in_words("Which languages were evaluated, and how?", "评测了哪些语种，方法为何？"),
    ]
    if kind in {*DECISIONS, LetterKind.APPEAL_DECIDED}:
        told.minority_opinions = [
            {
                "author": in_words("Sofia Lindqvist", "索菲娅·林德奎斯特"),
                "position": "against",
                "text": in_words(
                    "Conditions that begin after the weights have left cannot protect anybody from them.",
                    "权重一旦流出，其后才开始履行的条件便无法保护任何人。",
                ),
                "at": _DECIDED,
            }
        ]
    return told


def in_words(english: str, chinese: str) -> str:
    """Return the words of the invented case in the active language; they are data, not words of the product."""
    return chinese if (get_language() or "").startswith(_HANS) else english


def invented_digest(of: str) -> str:
    """Return a digest that looks like one."""
    return sha256(of.encode()).hexdigest()


def _values(told: Told) -> dict[str, str]:
    reasons = in_words(
        "The benefit to independent safety research outweighs the remaining risk. The safety suite was run on both "
        "artefacts, and the 4-bit variant stays above the refusal limit in all nine languages.\n\nWhat can't be "
        "recalled must be announced: **conditions C1 and C2** answer this.",
        "对独立安全研究的益处大于剩余风险。两种制品均通过安全测试集，4 比特版本在九个语种中均高于拒答阈值。\n\n"
        "无法收回的，必须公告：**条件 C1 与 C2** 即针对此点。",
    )
    return {
        "organisation": settings.ORGANISATION,
        "board": told.board,
        "requester": told.addressed_to[0],
        "reference": told.request,
        "letter": told.reference,
        "model": told.title,
        "project": told.addressed_to[1],
        "purpose": told.subtitle,
        "date": told.written_at,
        "decided_on": _DECIDED,
        "revision": "3",
        "procedure": str(PROCEDURES["full"]),
        "reasons": reasons,
        "valid_from": "2026-11-17",
        "valid_until": "2027-11-16",
        "next_review": "2027-05-17",
        "appeal_until": "2026-12-15",
        "appeal_route": appeal_route(),
        "full_review_by": "2026-12-17",
        "refused_by": in_words("Dr. Ingrid Falk", "英格丽德·法尔克博士"),
        "refused_as": str(SIGNING_ROLES["legal"]),
        "secretary": in_words("Noor Hassan", "努尔·哈桑"),
        "gaps": in_words(
            "1. The emergency plan names nobody.\n2. The evaluation leaves out the 4-bit variant.",
            "1. 应急预案未写明责任人。\n2. 评测未包括 4 比特版本。",
        ),
        "suspended_by": in_words("Prof. Margaret Osei", "玛格丽特·奥塞教授"),
        "suspended_at": _SIGNED,
        "ratify_by": "2026-11-27T10:00:00.000000Z",
        "withdrawn_by": told.addressed_to[0],
        "withdrawn_at": _SIGNED,
        "received_at": _SIGNED,
        "against": in_words("the rejection of 17 November 2026", "2026年11月17日不予批准的决定"),
        "grounds": reasons,
        "panel": in_words("Appeal panel 3", "第三申诉小组"),
        "decide_by": "2026-12-18",
        "result": in_words("the appeal is allowed; the boards review it again", "申诉成立，委员会重新审查"),
        "incident": "INC-2026-0004",
        "severity": in_words("serious, 15 days", "严重，15日"),
        "aware_at": _DECIDED,
        "report_by": "2026-12-02T06:32:00.000000Z",
        "what_happened": reasons,
        "due": "2027-05-17",
    }


def _add_decision(told: Told) -> None:
    told.decision = {
        "reference": told.request,
        "code": "7KQM3XVT9D2HPW4C",
        "context_sha256": invented_digest("record"),
    }
    told.facts += [
        {"label": _("Procedure"), "text": told.values["procedure"], "digest": ""},
        {
            "label": _("Policy"),
            "text": _("{board}, version {version}").format(board=told.board, version="7"),
            "digest": invented_digest("policy"),
        },
        {
            "label": _("Vote"),
            "text": _(
                "{yes} for, {no} against, {abstain} abstaining; {needed} needed; {recused} recused, {absent} absent"
            ).format(yes=5, no=1, abstain=1, needed=5, recused=1, absent=1),
            "digest": "",
        },
        {
            "label": _("Record of the decision"),
            "text": _("verification code {code}, SHA-256 of its data:").format(code="7KQM-3XVT-9D2H-PW4C"),
            "digest": told.decision["context_sha256"],
        },
    ]


def invented_conditions() -> list[LetterCondition]:
    """Return two conditions, one of which blocks the release."""
    return [
        {
            "number": "C1",
            "text": in_words(
                "The hub refuses downloads above the abuse limit and withdraws an account within one hour.",
                "下载平台拒绝超出滥用限额的下载，并可在一小时内停用账户。",
            ),
            "owner": in_words("He Jun", "何俊"),
            "due": "2026-11-27",
            "blocks_release": True,
        },
        {
            "number": "C2",
            "text": in_words(
                "Half-year report: incidents, accounts withdrawn.", "半年度报告：事件、停用账户数。"
            ),
            "owner": in_words("Dr. Lin Yuqing", "林雨晴博士"),
            "due": "2027-05-20",
            "blocks_release": False,
        },
    ]


def _add_signatures(told: Told) -> None:
    told.signatures = [
        {
            "role": str(SIGNING_ROLES[role]),
            "name": name,
            "meaning": meaning,
            "signed_at": _SIGNED,
            "time_zone": ZONE,
            "method": _("password and one-time code"),
            "statement_sha256": invented_digest(role),
        }
        for role, name, meaning in (
            (
                "legal",
                told.values["refused_by"],
                _("Legal review: the decision may be issued as written."),
            ),
            (
                "chair",
                told.values["suspended_by"],
                _(
                    "Approval: I confirm that {count} of {count} boards passed it on revision {revision}, and that "
                    "no blocking position stands."
                ).format(count=1, revision=3),
            ),
        )
    ]
