"""Two dossiers of fifty pages compared as the page compares them, beside difflib of the standard library."""

import random
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher

from bench.measure import Case, interleaved, table
from imprimatur.wording import compare_text
from reviews.rules.difference import compare

PARAGRAPH, PARAGRAPHS = 80, 312  # fifty pages of five hundred words
HAN = "数据来源模型训练测试安全评审申请版本记录审核风险范围用户权利公开许可收集处理语言港口船员家属报告说明标准结果"
ENDS = {"en": ". ", "zh": "。"}


def run(*, rounds: int, sizes: Sequence[int]) -> None:  # noqa: ARG001  (all measurements are called alike)
    """Print a table for each language: edited here and there, edited in every paragraph, written anew."""
    for language in ("en", "zh"):
        before = _dossier(random.Random(1), language)
        for what, share in (("one word in fifty changed", 0.02), ("one in five changed", 0.2)):
            after = _edited(random.Random(2), before, share, language)
            _measure(f"{language}, {what}", before, after, rounds)
        _measure(f"{language}, written anew", before, _dossier(random.Random(3), language), rounds)


def _measure(title: str, before: list[str], after: list[str], rounds: int) -> None:
    old, new = "\n\n".join(before), "\n\n".join(after)
    words = [[word for part in parts for word in _split(part)] for parts in (before, after)]
    cases: dict[str, Case] = {
        "difflib, the same words, frequent ones ignored": _case(lambda: _difflib(*words)),
        "as the page compares, block by block": _case(lambda: compare(old, new)),
        "one text, as passages are followed": _case(lambda: compare_text(old, new)),
    }
    reference = next(iter(cases))
    results = interleaved(cases, rounds, warm=1)
    print(f"\n**{title}**\n")
    print(table(results, {name: reference for name in cases if name != reference}))


def _case(action: Callable[[], object]) -> Case:
    return lambda: action


def _difflib(old: list[str], new: list[str]) -> list[tuple[str, int, int, int, int]]:
    return list(SequenceMatcher(None, old, new).get_opcodes())


def _split(part: str) -> list[str]:
    return part.split() if " " in part else list(part)


def _dossier(chance: random.Random, language: str) -> list[str]:
    return [_paragraph(chance, language) for _number in range(PARAGRAPHS)]


def _paragraph(chance: random.Random, language: str) -> str:
    words = [_word(chance, language) for _number in range(PARAGRAPH)]
    sentences = [words[start : start + 16] for start in range(0, PARAGRAPH, 16)]
    return "".join(
        (" " if language == "en" else "").join(part) + ENDS[language] for part in sentences
    ).strip()


def _word(chance: random.Random, language: str) -> str:
    """Return a word by a law like Zipf's, so that few are frequent and many are rare."""
    rank = int(chance.paretovariate(0.7))
    return f"w{rank % 40_000}" if language == "en" else HAN[rank % len(HAN)]


def _edited(chance: random.Random, before: Sequence[str], share: float, language: str) -> list[str]:
    """Change words, leave paragraphs out and put others between."""
    found = []
    for paragraph in before:
        if chance.random() < 0.03:
            found.append(_paragraph(chance, language))
        if chance.random() < 0.03:
            continue
        between = " " if language == "en" else ""
        words = _split(paragraph)
        found.append(
            between.join(_word(chance, language) if chance.random() < share else word for word in words)
        )
    return found
