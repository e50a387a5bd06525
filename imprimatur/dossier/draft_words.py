"""What a draft says in its comments, in both languages, and what is wrong with an answer."""

from imprimatur.dossier.answers import MOST_ROWS, longest
from imprimatur.dossier.questionnaire import Fault, Question, QuestionType, Text

WORDS = {
    "head": Text(
        "What you ask the boards about this model. Fill in what is empty, then: imprimatur submit {name}\n"
        "imprimatur draft fills in what files state, and never changes what you wrote.",
        "就此模型向审查委员会提出的申请。补全空白项后运行：imprimatur submit {name}\n"
        "imprimatur draft 只填入文件中写明的内容，不改动已填写的部分。",
    ),
    "folder": Text(
        "the folder of the model, from where this file lies", "模型文件夹，以本文件所在位置为起点"
    ),
    "questionnaire": Text("the version of the questions", "问卷版本"),
    "manifest": Text(
        "the bytes that are asked about; imprimatur draft renews this",
        "所申请的字节；由 imprimatur draft 更新",
    ),
    "project": Text("name of the project on the server", "服务器上的项目名称"),
    "model": Text("name of the model in that project", "该项目中的模型名称"),
    "number": Text("of this version, for example 2.1", "本版本的编号，例如 2.1"),
    "channel": Text("how it reaches people: {codes}", "发布渠道：{codes}"),
    "summary": Text("what it is for, in a few words", "用途，几个字即可"),
    "modalities": Text("what it takes in or gives out: {codes}", "输入或输出的内容：{codes}"),
    "relation": Text("how it came from its base model: {codes}", "与基础模型的关系：{codes}"),
    "base_model": Text(
        "name and version, unless it was trained from the start", "名称与版本；从头训练的不填"
    ),
    "parameters": Text("a count, for example 7000000000", "个数，例如 7000000000"),
    "training_compute_flop": Text(
        "floating-point operations in total, base model included, for example 4.2e24",
        "训练所用浮点运算总次数，含基础模型，例如 4.2e24",
    ),
    "licence": Text("under which it is released", "发布所用的许可协议"),
    "markets": Text("where it is offered: {codes}", "提供服务的地区：{codes}"),
    "purpose": Text("a release for whom, and what for", "发布给谁、作何用途"),
    "language": Text("of the request: {codes}", "申请所用语言：{codes}"),
    "continues": Text(
        "reference of the request that this one continues, if any", "所延续的申请编号，没有则不填"
    ),
    "why": Text("what changed, from the second revision on", "自第二次提交起，说明改动了什么"),
    "cards": Text(
        "files that say something about model or data; the server reads them too",
        "描述模型或数据的文件；服务器也会读取",
    ),
    "answers": Text("Answers by the key of the question.", "按问题的键作答。"),
    "files": Text(
        "Files that go with an answer, by the key of the question, from where this file lies:\n"
        "  {key}: [evidence/report.pdf]",
        "随答案提交的文件，按问题的键列出，以本文件所在位置为起点：\n  {key}: [evidence/report.pdf]",
    ),
    "required": Text("required", "必答"),
    "optional": Text("optional", "选答"),
    "asked_when": Text("asked when {conditions}", "仅在以下情形需作答：{conditions}"),
    "is": Text("{name} is {codes}", "{name} 为 {codes}"),
    "or": Text(" or ", " 或 "),
    "and": Text(" and ", "，且 "),
    "example": Text("For example: {text}", "例如：{text}"),
    "one_of": Text("one of:", "选一项："),
    "some_of": Text("any of, as a list:", "可选多项，写成列表："),
    "alone": Text("nothing else with it", "不能与其他项同选"),
    "number_in": Text("a number, in {unit}", "数字，单位：{unit}"),
    "date": Text("a day, for example 2026-11-24", "日期，例如 2026-11-24"),
    "file": Text("a file: name it below, under files", "文件：在下方 files 中列出"),
    "rows": Text("rows with these columns:", "表格，各列为："),
    "takes_files": Text("files can go with it", "可附文件"),
    "from": Text("from {file}, {place}", "出自 {file}，{place}"),
    "from_whole": Text("from {file}", "出自 {file}"),
    "says": Text("{file} says: {quote}", "{file} 中写道：{quote}"),
    "line": Text("line {line}", "第 {line} 行"),
    "tensor header": Text("tensor header", "张量头"),
    "between": Text(", ", "，"),
    "parts": Text("; ", "；"),
    "aside": Text(" ({text})", "（{text}）"),
}
LANGUAGES = {"en": "en", "zh": "zh-hans"}


def word(name: str, language: str, /, **given: object) -> str:
    """Return the words in the language."""
    return WORDS[name].in_language(language).format(**given)


def answer_fault(question: Question, fault: Fault) -> str:
    """Return what is wrong with an answer, and what would be right."""
    codes = ", ".join(option.code for option in question.options)
    several = question.type == QuestionType.CHOICES
    unit = question.unit.en
    return {
        Fault.MISSING: "an answer is required.",
        Fault.NO_FILE: "a file is required; name it under files.",
        Fault.NOT_AN_OPTION: f"choose {'some' if several else 'one'} of: {codes}.",
        Fault.NOT_A_NUMBER: "write a number with a point, for example 2.5.",
        Fault.TOO_SMALL: f"write at least {question.minimum} {unit}.",
        Fault.TOO_LARGE: f"write at most {question.maximum} {unit}.",
        Fault.TOO_MANY_PLACES: f"write at most {question.places} digits after the point.",
        Fault.NOT_A_DATE: "write a day as year-month-day, for example 2026-11-24.",
        Fault.TOO_LONG: f"shorten it to {longest(question)} characters, and give the rest as a file.",
        Fault.NOT_ROWS: f"write rows with these columns: {', '.join(one.key for one in question.columns)}.",
        Fault.TOO_MANY_ROWS: f"write at most {MOST_ROWS} rows, and give the rest as a file.",
        Fault.WRONG_CELLS: "a cell is no answer to its column.",
        Fault.EMPTY_CELLS: "a row isn't complete.",
    }[fault]
