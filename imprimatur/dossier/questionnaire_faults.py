"""What can be wrong with the data of a questionnaire, and where: the number of the question, and the line."""

from dataclasses import dataclass
from enum import StrEnum


class Wrong(StrEnum):
    """Each value is the sentence that a developer reads; pages have words of their own."""

    NO_VERSION = "is missing"
    NO_TOPICS = "are missing"
    SAME_TOPIC = "two have the same key"
    EMPTY_TOPIC = "has no key or no questions"
    UNKNOWN_ENTRY = "unknown entry {name}"
    SAME_KEY = "key {name!r} is missing or used twice"
    BAD_KEY = "key {name!r} is missing, or isn't made of small letters, digits and _"
    COLUMNS_OF_ROWS = "columns belong to rows, 1 to {limit} of them"
    SAME_COLUMN = "two columns have the same key"
    NO_CELL = "{name} is no type of a column"
    BAD_FROM = "from needs a list of names for some of {name}"
    UNKNOWN_TYPE = "unknown type {name!r}"
    ONLY_NUMBERS = "only a number has unit, limits and places"
    NO_UNIT = "a number needs its unit"
    OPTIONS_OF_CHOICES = "options belong to choices, and every choice has them"
    SAME_CODE = "codes of options are missing or used twice"
    BAD_CONDITION = "a condition names a question or a fact, and codes"
    NOT_EARLIER = "the condition looks at {name}, which is no earlier question"
    NO_OPTION = "{name} has no option {other}"
    TWO_LANGUAGES = "{name} needs en and zh"
    NO_NUMBER = "{name} is no number"
    NEITHER = "{name} is neither true nor false"
    NO_LIST = "{name} is no list"
    NO_MAPPING = "{name} is no mapping of keys to values"
    TOO_MANY = "there are more than {limit}"
    TOO_LONG = "{name} has more than {limit} characters"


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault. `place`: "version", "topic 3", "3.2", "3.2 column 1"; `line` counts from 1, 0 where nobody knows."""

    place: str
    wrong: Wrong
    line: int = 0
    name: str = ""
    other: str = ""
    limit: int = 0

    def __str__(self) -> str:
        words = self.wrong.value.format(name=self.name, other=self.other, limit=self.limit)
        return f"{self.place}: {words}"


class QuestionnaireInvalid(ValueError):  # noqa: N818
    """The data are no questionnaire; `found` has each fault, `problems` the same as sentences for developers."""

    def __init__(self, found: list[Problem]) -> None:
        self.found = found
        self.problems = [str(problem) for problem in found]
        super().__init__("; ".join(self.problems))
