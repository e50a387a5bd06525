"""Invented contexts of review records, in two languages, for every outcome."""

import hashlib
from typing import Any, cast

from records.context import SCHEMA, Language, ReviewContext, SignatureLine
from records.decision_context import Outcome


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


PEOPLE = {
    "osei": ("Prof. Margaret Osei", "玛格丽特·奥塞教授"),
    "zhao": ("Zhao Ming 赵明", "赵明 Zhao Ming"),
    "petrova": ("Dr. Elena Petrova", "叶莲娜·彼得罗娃博士"),
    "adeyemi": ("Dr. Samuel Adeyemi", "塞缪尔·阿德耶米博士"),
    "wang": ("Wang Xiulan 王秀兰", "王秀兰 Wang Xiulan"),
    "chen": ("Chen Jiahui 陈嘉慧", "陈嘉慧 Chen Jiahui"),
    "liu": ("Liu Hao 刘昊", "刘昊 Liu Hao"),
    "menon": ("Dr. Ravi Menon", "拉维·梅农博士"),
    "falk": ("Dr. Ingrid Falk", "英格丽德·法尔克博士"),
    "hassan": ("Noor Hassan", "努尔·哈桑"),
    "lin": ("Lin Yuqing 林雨晴", "林雨晴 Lin Yuqing"),
}


class Invented:
    """Builds one context; `t` picks the language."""

    def __init__(self, language: Language, outcome: Outcome) -> None:
        self.language, self.outcome = language, outcome

    def t(self, en: str, zh: str) -> str:
        return zh if self.language == "zh-hans" else en

    def who(self, key: str) -> str:
        return self.t(*PEOPLE[key])

    def seat(self, key: str, position: str | None, reason: str = "", **over: object) -> dict[str, Any]:
        return {
            "name": self.who(key),
            "role": "member",
            "attributes": [],
            "attendance": "present",
            "attendance_note": "",
            "recusal_reason": "",
            "position": position,
            "reason": reason,
            "voted_at": "2026-11-17T06:41:00.000000Z" if position else None,
            "entered_by": "",
            **over,
        }

    def seats(self, passes: bool) -> list[dict[str, Any]]:
        t = self.t
        yes, no = ("for", "against") if passes else ("against", "for")
        return [
            self.seat(
                "osei",
                yes,
                t("The benefit is concrete and the audience is named.", "益处具体明确，使用对象清楚。"),
                role="chair",
            ),
            self.seat(
                "zhao",
                yes,
                t(
                    "The evaluation of the 4-bit variant removes my doubt about revision 2.",
                    "4比特版本的评测消除了我对第2修订版的疑虑。",
                ),
            ),
            self.seat(
                "petrova",
                yes,
                t(
                    "With C1 as a blocking condition, B1 is answered.",
                    "C1作为阻断条件后，阻止意见已得到回应。",
                ),
                attributes=[t("safety engineering", "安全工程")],
            ),
            self.seat(
                "wang",
                yes,
                t("I understand what users agree to.", "我理解用户同意的内容。"),
                attributes=[t("lay", "社会人士"), t("external", "外部")],
            ),
            self.seat(
                "adeyemi",
                no,
                t(
                    "Samples by language are adequate for nine languages; the card must not claim more.",
                    "九个语种的抽样充分；模型卡不得作更多宣称。",
                ),
                attributes=[t("external", "外部")],
                attendance_note=t("arrived 13:42, before the ballot", "13:42到会，早于投票"),
                entered_by=self.who("hassan"),
            ),
            self.seat(
                "chen",
                "abstain",
                t("I saw the part on downloads only on Friday.", "关于下载的部分我上周五才看到。"),
            ),
            self.seat(
                "liu",
                None,
                attendance="recused",
                recusal_reason=t("Wrote part of the de-duplication pipeline.", "曾编写去重流程的一部分。"),
            ),
            self.seat("menon", None, attendance="absent", attendance_note=t("excused", "请假")),
        ]

    def ballot(self, number: str, kind: str, *, passes: bool) -> dict[str, Any]:
        t = self.t
        yes = 4 if passes else 1
        return {
            "number": number,
            "kind": kind,
            "motion": t(
                "The board approves the release to registered research users under the conditions C1 and C2.",
                "委员会在C1与C2条件下批准向注册研究用户发布。",
            ),
            "moved_by": self.who("petrova"),
            "seconded_by": self.who("wang"),
            "revision": 3,
            "revision_sha256": sha("r3"),
            "opened_at": "2026-11-17T06:32:00.000000Z",
            "opened_by": self.who("hassan"),
            "closed_at": "2026-11-17T07:06:00.000000Z",
            "closed_by": "",
            "closed_because": "all_voted",
            "result": "passed" if passes else "failed",
            "seats": self.seats(passes),
            "quorum": {
                "rule": t("Quorum: a majority of the seats", "法定人数：席位过半"),
                "seats": 8,
                "recused": 1,
                "needed": 5,
                "present_at_opening": 6,
                "present_at_closing": 6,
            },
            "composition": [
                {
                    "rule": t("At least one lay or external member", "至少一名社会人士或外部委员"),
                    "needed": 1,
                    "found": 2,
                }
            ],
            "threshold": {
                "numerator": 2,
                "denominator": 3,
                "strict": False,
                "of": "present_and_eligible",
                "base": 6,
                "votes_for": yes,
                "votes_against": 5 - yes,
                "votes_abstaining": 1,
                "needed": 4,
                "passed": passes,
            },
        }

    def board(self) -> dict[str, Any]:
        t = self.t
        passed = {"returned": "return", "rejected": "reject", "approved": "approve"}.get(
            self.outcome, "approve_with_conditions"
        )
        return {
            "name": t("Model Release Review Board", "模型发布审查委员会"),
            "leading": True,
            "policy_version": "7",
            "policy_sha256": sha("policy"),
            "motion_passed": passed,
            "ballots": [
                self.ballot("1", "approve", passes=False),
                self.ballot("2", passed, passes=True),
            ],
            "blocks": [
                {
                    "holder": self.who("petrova"),
                    "text": t(
                        "The emergency plan names a mailbox, not a person.",
                        "应急预案写的是一个邮箱，而不是一个人。",
                    ),
                    "raised_at": "2026-10-23T06:28:00.000000Z",
                    "revision": 2,
                    "state": "cleared",
                    "ended_at": "2026-11-12T02:47:00.000000Z",
                    "ending_reason": t("Answered by revision 3.", "第3修订版已作回应。"),
                }
            ],
            "minority_opinions": [
                {
                    "author": self.who("adeyemi"),
                    "position": "against",
                    "text": t(
                        "Open weights cannot be recalled. The majority treats the external test as something that may follow.\n\n"  # noqa: E501
                        "Conditions that begin after the weights have left cannot protect anybody from them.",
                        "开放的权重无法收回。多数意见把外部测试视为可以后补的事项。\n\n权重一旦流出，其后才开始履行的条件便无法保护任何人。",
                    ),
                    "at": "2026-11-17T06:50:00.000000Z",
                }
            ],
            "in_attendance": [{"name": self.who("hassan"), "role": t("secretary", "秘书")}],
            "note": "",
        }

    def second_board(self) -> dict[str, Any]:
        board = self.board()
        board.update(
            name=self.t("Safety Board", "安全委员会"),
            leading=False,
            blocks=[],
            minority_opinions=[],
            in_attendance=[],
            ballots=[self.ballot("3", board["motion_passed"], passes=True)],
        )
        return board

    def conditions(self) -> list[dict[str, Any]]:
        t = self.t
        board = t("Model Release Review Board", "模型发布审查委员会")
        return [
            {
                "number": "C1",
                "text": t(
                    "The hub withdraws an account within one hour; shown in staging.",
                    "下载平台可在一小时内停用账户，并在预发布环境中演示。",
                ),
                "board": board,
                "owner": self.who("lin"),
                "due": "2026-11-27",
                "verifier": self.who("petrova"),
                "blocks_release": True,
                "state": "partly",
            },
            {
                "number": "C2",
                "text": t(
                    "Half-year report: incidents, downloads by country.",
                    "半年度报告：事件、按国家统计的下载量。",
                ),
                "board": board,
                "owner": self.who("lin"),
                "due": "2027-05-20",
                "verifier": self.who("hassan"),
                "blocks_release": False,
                "state": "open",
            },
        ]

    def dossier(self, topics: int) -> list[dict[str, Any]]:
        t = self.t
        titles = [
            t("Data acquisition", "数据获取"), t("Data quality", "数据质量"), t("Choice of algorithm", "算法选择"),
            t("Optimisation", "算法优化"), t("Compute", "硬件选择"), t("Scheduling and compression", "调度与压缩"),
            t("People and partners", "人才引进与合作"), t("Training of people", "人才培训"), t("Encryption", "加密"),
            t("Differential privacy and homomorphic encryption", "差分隐私、同态加密"),
        ]  # fmt: skip
        long = t(
            "Pre-training used **1,921 billion tokens** from three classes of sources. Every source has an entry in the "  # noqa: E501
            "source register with its date of collection, its terms at that date and the person who accepted them.\n\n"
            "- crawled text, 61.4 million hosts;\n- partners, 17 contracts;\n- public collections, 52.",
            "预训练共使用**19,210亿词元**，来自三类来源。每一来源均在来源登记册中列明采集日期、采集当日的使用条款以及批准人。\n\n"
            "- 网络抓取，6,140万主机；\n- 合作方，17份合同；\n- 公开数据集，52个。",
        )
        found = []
        for place in range(topics):
            changed = place == 0
            found.append(
                {
                    "key": f"topic-{place}",
                    "title": titles[place % len(titles)],
                    "answers": [
                        {
                            "question": t("Where do the training data come from?", "训练数据来自何处？"),
                            "text": long,
                            "changed": changed,
                            "previous": long.replace("1,921", "1,930").replace("19,210", "19,300")
                            if changed
                            else None,
                            "files": [{"name": "sources.csv", "sha256": sha("sources"), "size": 48213}]
                            if changed
                            else [],
                        },
                        *([self.sources()] if changed else []),
                        {
                            "question": t("Are personal data among them?", "其中是否含有个人信息？"),
                            "text": t("Yes, with consent", "有，已获同意"),
                            "changed": False,
                            "previous": None,
                            "files": [],
                        },
                    ],
                }
            )
        return found

    def sources(self) -> dict[str, Any]:
        """Return an answer in rows."""
        t = self.t
        headings = [
            t("Name", "名称"), t("Right to use", "使用依据"), t("Source", "来源"), t("Size", "规模"),
            t("Personal data", "个人信息"), t("Opt-outs", "拒绝声明"), t("Cleaning", "清洗"),
            t("Annotation agreement", "标注一致性"),
        ]  # fmt: skip
        row = [
            t("Minutes of municipalities, 2024", "市政会议记录2024"), t("open government licence", "政府开放许可"),
            t("Public", "公开获取"), "1930.5 GB", t("Pseudonymised", "去标识化"), t("Nobody could object", "不涉及"),
            t("near-duplicates removed", "已去重"), t("kappa 0.79, 2,400 pairs", "κ 0.79，2400对"),
        ]  # fmt: skip
        return {
            "question": t("Which data sets went into training?", "训练使用了哪些数据集？"),
            "text": "\n".join("; ".join(row) for _ in range(3)),
            "changed": True,
            "previous": None,
            "files": [],
            "table": {
                "headings": headings,
                "narrow": [place in {2, 3, 4, 5} for place in range(8)],
                "rows": [row, row, row],
            },
        }

    def decision(self) -> dict[str, Any]:
        t = self.t
        approved = self.outcome.startswith("approved")
        refusal = {
            "name": self.who("falk"),
            "role": t("legal counsel", "法务"),
            "at": "2026-11-19T03:10:00.000000Z",
            "reason": t("Condition C1 names no standard by which to judge it.", "条件C1未写明判断标准。"),
        }
        return {
            "outcome": self.outcome,
            "decided_at": "2026-11-17T07:06:00.000000Z",
            "revision": 3,
            "revision_sha256": sha("r3"),
            "reasons": t(
                "The board finds that the benefit to independent safety research outweighs the remaining risk.",
                "委员会认为，模型对独立安全研究的益处大于剩余风险。",
            ),
            "valid_from": "2026-11-20" if approved else None,
            "valid_until": "2027-11-19" if approved else None,
            "next_review": "2027-05-20" if approved else None,
            "reporting_duties": [
                t("Report a serious incident within 72 hours.", "自知悉严重事件之时起72小时内报告。")
            ]
            if approved
            else [],
            "appeal_until": "2026-12-18",
            "appeal_route": t(
                "Appeals go to a panel that shares no voter with this decision.",
                "申诉由与本决定无共同投票人的小组审理。",
            ),
            "refusal": refusal if self.outcome == "refused" else None,
        }

    def model(self) -> dict[str, Any]:
        t = self.t
        return {
            "project": t("Heron", "苍鹭"),
            "name": t("Heron-2 14B Instruct", "苍鹭二号14B指令模型"),
            "version": "2.3.0",
            "modality": t("text", "文本"),
            "base_model": "Heron-2 14B",
            "relation": t("fine-tune", "微调"),
            "parameters": t("14.1 billion", "141亿"),
            "training_compute_flop": "1.6e23",
            "licence": "Heron Research Licence 2",
            "channel": t("open weights", "开放权重"),
            "markets": [t("European Union", "欧盟"), t("Singapore", "新加坡")],
            "manifest_sha256": sha("manifest"),
            "file_count": 41,
            "total_size": 37_900_000_000,
        }

    def story(self) -> dict[str, Any]:
        t = self.t
        return {
            "request": {
                "submitted_at": "2026-09-28T08:20:00.000000Z",
                "requester": self.who("lin"),
                "contributors": [self.who("liu")],
                "risk_tier": t("3 of 4, substantial", "四级中的第3级（较高）"),
                "procedure": t("Full review", "完整审查"),
                "triage_by": self.who("hassan"),
                "triage_reasons": [t("Open weights can't be recalled.", "开放的权重无法收回。")],
                "override_reason": "",
            },
            "revisions": [
                {
                    "number": 1,
                    "frozen_at": "2026-09-28T08:20:00.000000Z",
                    "sha256": sha("r1"),
                    "why": t("first submission", "首次提交"),
                },
                {
                    "number": 2,
                    "frozen_at": "2026-10-16T03:05:00.000000Z",
                    "sha256": sha("r2"),
                    "why": t("answers to questions 1–7", "答复问题1–7"),
                },
                {
                    "number": 3,
                    "frozen_at": "2026-11-06T08:12:00.000000Z",
                    "sha256": sha("r3"),
                    "why": t("blocking position", "阻止意见"),
                },
            ],
            "findings": [
                {
                    "board": "Ethics",
                    "topic": "Ethics review",
                    "kind": "must_fix",
                    "quote": "two works councils",
                    "revision": 1,
                    "text": "Night crews were not heard.",
                    "by": "Wang Shulan",
                    "at": "2026-11-10T08:00:00.000000Z",
                    "state": "resolved",
                    "turns": [
                        {
                            "act": "settled",
                            "by": "Wang Shulan",
                            "at": "2026-11-16T08:00:00.000000Z",
                            "text": "They were heard; see revision 2.",
                        },
                    ],
                },
            ],
            "questions": [
                {
                    "number": 1,
                    "topic": t("Data quality", "数据质量"),
                    "text": t("Was the sample stratified by language?", "抽样是否按语种分层？"),
                    "asked_by": self.who("adeyemi"),
                    "asked_at": "2026-10-08T09:40:00.000000Z",
                    "answer": t("It was drawn again by language.", "已按语种重新抽样。"),
                    "answered_by": self.who("lin"),
                    "answered_at": "2026-10-16T03:05:00.000000Z",
                }
            ],
            "checks": [
                {
                    "title": t("Release readiness", "发布准备检查"),
                    "met": True,
                    "accepted_at": "2026-11-10T03:00:00.000000Z",
                    "accepted_by": self.who("hassan"),
                    "note": "",
                }
            ],
            "timeline": [
                {
                    "at": "2026-09-28T08:20:00.000000Z",
                    "event": t("Submitted, revision 1 frozen", "提交，冻结第1修订版"),
                    "by": self.who("lin"),
                },
                {
                    "at": "2026-09-30T02:02:00.000000Z",
                    "event": t("Accepted; the clock starts", "受理；时限起算"),
                    "by": self.who("hassan"),
                },
                {"at": "2026-11-17T07:06:00.000000Z", "event": t("Decided", "作出决定"), "by": ""},
            ],
            "clock": [
                {
                    "since": "2026-09-30T02:02:00.000000Z",
                    "until": "2026-10-08T09:40:00.000000Z",
                    "state": "running",
                },
                {
                    "since": "2026-10-08T09:40:00.000000Z",
                    "until": "2026-10-16T03:05:00.000000Z",
                    "state": "paused",
                },
                {
                    "since": "2026-10-16T03:05:00.000000Z",
                    "until": "2026-11-17T07:06:00.000000Z",
                    "state": "running",
                },
            ],
        }


def review_context(
    language: Language = "en",
    outcome: Outcome = "approved_with_conditions",
    *,
    topics: int = 2,
    **over: object,
) -> ReviewContext:
    """Return a whole context; `over` replaces its parts."""
    made = Invented(language, outcome)
    t = made.t
    return cast(
        ReviewContext,
        {
            "schema": SCHEMA,
            "language": language,
            "time_zone": "Asia/Shanghai",
            "organisation": t("Northlake Institute for Machine Intelligence", "北湖智能研究院"),
            "reference": "IMP-2026-0147",
            "title": t("Heron-2 14B Instruct 2.3.0", "苍鹭二号14B指令模型2.3.0版"),
            "subtitle": t("Release of open weights to registered research users", "向注册研究用户开放权重"),
            "decision": made.decision(),
            "model": made.model(),
            "boards": [made.board(), made.second_board()],
            "conditions": made.conditions() if outcome in {"approved_with_conditions", "refused"} else [],
            "dossier": made.dossier(topics),
            **made.story(),
            **over,
        },
    )


def slim_context(
    language: Language = "en", outcome: Outcome = "approved_with_conditions", **over: object
) -> ReviewContext:
    """Return a context that prints in a third of the time, for tests that aren't about what is printed."""
    made = Invented(language, outcome)
    board = made.board() | {"ballots": [], "minority_opinions": []}
    parts: dict[str, object] = {
        "boards": [board],
        "dossier": [],
        "findings": [],
        "questions": [],
        "timeline": [],
        "clock": [],
    }
    return review_context(language, outcome, topics=0, **(parts | over))


def signature_lines(language: Language = "en") -> list[SignatureLine]:
    """Return the signatures of legal and the chair."""
    made = Invented(language, "approved")
    t = made.t
    return [
        {
            "role": t("Legal counsel", "法务"),
            "name": made.who("falk"),
            "meaning": t(
                "I have reviewed the decision for legal sufficiency and approve it.",
                "本人已审核本决定的合法性，并予以批准。",
            ),
            "signed_at": "2026-11-19T01:58:33.402766Z",
            "time_zone": "Europe/Berlin",
            "method": t("password and one-time code", "密码与一次性验证码"),
            "statement_sha256": sha("statement 1"),
        },
        {
            "role": t("Chair of the leading board", "主审委员会主席"),
            "name": made.who("osei"),
            "meaning": t(
                "This is the decision that the board took on revision 3.", "此即委员会就第3版作出的决定。"
            ),
            "signed_at": "2026-11-20T01:58:33.402766Z",
            "time_zone": "Asia/Shanghai",
            "method": t("password and one-time code", "密码与一次性验证码"),
            "statement_sha256": sha("statement 2"),
        },
    ]
