"""Minutes of an invented meeting, so that an administrator sees the text of their frame with something inside."""

from django.conf import settings
from django.utils.translation import gettext as _

from records.context import Ballot, Condition, Language, Seat
from records.letter_context import LetterCondition
from records.minutes_context import MINUTES, Attendant, Item, MinutesContext, Vote
from reviews.rules.letter_kinds import LetterKind
from reviews.rules.letter_text import frame_of
from reviews.selectors.letters.sample import in_words as _t
from reviews.selectors.letters.sample import invented_conditions, invented_digest
from reviews.selectors.letters.texts import LetterText
from reviews.selectors.letters.told import as_read
from reviews.selectors.words import PROCEDURES

ZONE = "Asia/Shanghai"
_OPENED, _LEFT, _CLOSED = (f"2026-11-17T{time}:00.000000Z" for time in ("05:30", "06:40", "07:20"))


def sample_minutes(text: LetterText, language: Language) -> MinutesContext:
    """Return the minutes of an invented meeting with this text as their frame, in the active language."""
    board, chair, secretary = (
        _board(),
        _t("Prof. Margaret Osei", "玛格丽特·奥塞教授"),
        _t("Noor Hassan", "努尔·哈桑"),
    )
    values = {
        "organisation": settings.ORGANISATION,
        "board": board,
        "number": "7",
        "date": _OPENED,
        "place": _t("Room 4.12, and by video", "4.12室，并设视频接入"),
        "led_by": chair,
        "minutes_by": secretary,
        "opened_at": _OPENED,
        "closed_at": _CLOSED,
        "next_meeting": "2026-12-15T05:30:00.000000Z",
    }
    opening, closing = frame_of(text.content, as_read(LetterKind.MINUTES, values, ZONE))
    return {
        "schema": MINUTES, "language": language, "time_zone": ZONE, "organisation": settings.ORGANISATION,
        "reference": "MRB-7", "title": board, "subtitle": _t("Meeting 7 of 2026", "2026年第7次会议"), "board": board,
        "number": 7, "place": values["place"], "planned_from": _OPENED, "planned_until": _CLOSED,
        "opened_at": _OPENED, "closed_at": _CLOSED, "led_by": chair, "minutes_by": secretary,
        "attendance": _attendance(chair),
        "guests": [
            {
                "name": _t("Prof. Anan Suksri", "阿南·素西教授"), "kind": "expert",
                "role": _t("languages of South-East Asia", "东南亚语言"), "items": ["1"],
                "stays": [{"came_at": _OPENED, "left_at": _LEFT, "how": "video"}],
            }
        ],
        "opening": opening, "items": _items(chair), "other_business": "", "closing": closing,
        "next_meeting": values["next_meeting"],
        "approval": {
            "by": chair, "role": _("chair of the leading board"), "at": "2026-11-20T02:00:00.000000Z",
            "how": "by_chair", "note": "",
        },
        "template": {
            "kind": text.kind.value, "language": text.language, "version": text.version, "sha256": text.sha256,
        },
    }  # fmt: skip


def _board() -> str:
    return _t("Model Release Review Board", "模型发布审查委员会")


def _attendance(chair: str) -> list[Attendant]:
    people = (
        (chair, "chair", _OPENED, None), (_t("Zhao Ming", "赵明"), "member", _OPENED, _LEFT),
        (_t("Wang Xiulan", "王秀兰"), "member", _OPENED, None),
        (_t("Sofia Lindqvist", "索菲娅·林德奎斯特"), "member", _OPENED, None),
        (_t("Dr. Ravi Menon", "拉维·梅农博士"), "member", "", None),
    )  # fmt: skip
    return [
        {
            "name": name, "role": role, "attributes": [], "sits_for": "",  # type: ignore[typeddict-item]  # codes above
            "presence": "present" if came else "excused", "note": "",
            "stays": [{"came_at": came, "left_at": left, "how": "in_person"}] if came else [],
        }
        for name, role, came, left in people
    ]  # fmt: skip


def _items(chair: str) -> list[Item]:
    minority = _t(
        "Conditions that begin after the weights have left cannot protect anybody from them.",
        "权重一旦流出，其后才开始履行的条件便无法保护任何人。",
    )
    seats = [
        _seat(chair, "chair", "for"), _seat(_t("Zhao Ming", "赵明"), "member", "for"),
        _seat(_t("Wang Xiulan", "王秀兰"), "member", "for"),
        _seat(_t("Sofia Lindqvist", "索菲娅·林德奎斯特"), "member", "against", minority),
        _seat(_t("Dr. Ravi Menon", "拉维·梅农博士"), "member", ""),
    ]  # fmt: skip
    decided: Item = {
        "number": "1",
        "title": _t("Heron-2 14B Instruct 2.3.0", "苍鹭二号14B指令模型 2.3.0"),
        "request": {
            "reference": "IMP-2026-0147", "model": _t("Heron-2 14B Instruct 2.3.0", "苍鹭二号14B指令模型 2.3.0"),
            "requester": _t("Dr. Lin Yuqing", "林雨晴博士"), "procedure": str(PROCEDURES["full"]), "revision": 3,
            "revision_sha256": invented_digest("dossier"), "manifest_sha256": invented_digest("model"),
        },
        "state": "decided", "state_note": "", "deferred_until": None,
        "eligible": [seat["name"] for seat in seats if seat["attendance"] == "present"],
        "recusals": [{"name": _t("Liu Hao", "刘昊"), "reason": _("contributed to the request"), "left_at": _OPENED}],
        "discussion": _t("The plan for the bad day was read in full.", "会议通读了应急预案。"),
        "votes": [_vote(seats)],
        "basis": _t("What cannot be recalled must be announced.", "无法收回的，必须公告。"),
        "disputed": [
            {
                "issue": _t("Is the 4-bit variant covered by the evaluation?", "评测是否涵盖 4 比特版本？"),
                "raised_by": _t("Wang Xiulan", "王秀兰"), "resolved": True,
                "resolution": _t("Yes, since revision 3 in all languages.", "是，自第 3 版起涵盖全部语种。"),
            }
        ],
        "blocks": [],
        "minority_opinions": [{"author": seats[3]["name"], "position": "against", "text": minority, "at": _LEFT}],
        "conditions": [_condition(told, chair) for told in invented_conditions()],
        "notes": "",
    }  # fmt: skip
    put_off: Item = {
        **decided, "number": "2", "title": _t("Stork 1.1", "白鹳 1.1"), "request": None, "state": "tabled",
        "state_note": _t("quorum lost at 14:40", "14:40 丧失法定人数"), "eligible": [], "recusals": [],
        "discussion": "", "votes": [], "basis": "", "disputed": [], "minority_opinions": [], "conditions": [],
    }  # fmt: skip
    return [decided, put_off]


def _seat(name: str, role: str, position: str, reason: str = "") -> Seat:
    return {
        "name": name, "role": role, "attributes": [], "attendance": "present" if position else "absent",  # type: ignore[typeddict-item]  # codes above
        "attendance_note": "", "recusal_reason": "", "position": position or None,  # type: ignore[typeddict-item]  # codes above
        "reason": reason, "voted_at": _LEFT if position else None, "entered_by": "",
    }  # fmt: skip


def _vote(seats: list[Seat]) -> Vote:
    ballot: Ballot = {
        "number": "1", "kind": "approve_with_conditions",
        "motion": _t("Approve the release with the conditions below.", "附下列条件批准发布。"),
        "moved_by": seats[0]["name"], "seconded_by": seats[2]["name"], "revision": 3,
        "revision_sha256": invented_digest("dossier"), "opened_at": _OPENED,
        "opened_by": _t("Noor Hassan", "努尔·哈桑"),
        "closed_at": _LEFT, "closed_by": "", "closed_because": "all_voted", "result": "passed", "seats": seats,
        "quorum": {
            "rule": _t("more than half of the seats", "超过席位的半数"), "seats": 5, "recused": 0, "needed": 3,
            "present_at_opening": 4, "present_at_closing": 4,
        },
        "composition": [{"rule": _t("one lay member", "一名非专业委员"), "needed": 1, "found": 1}],
        "threshold": {
            "numerator": 2, "denominator": 3, "strict": False, "of": "present_and_eligible", "base": 4,
            "votes_for": 3, "votes_against": 1, "votes_abstaining": 0, "needed": 3, "passed": True,
        },
    }  # fmt: skip
    return {"ballot": ballot, "positions_by_name": True}


def _condition(told: LetterCondition, verifier: str) -> Condition:
    return {
        "number": told["number"],
        "text": told["text"],
        "board": _board(),
        "owner": told["owner"],
        "due": told["due"],
        "verifier": verifier,
        "blocks_release": told["blocks_release"],
        "state": "open",
    }
