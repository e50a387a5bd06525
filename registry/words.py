"""Words for what can be wrong with a manifest."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from imprimatur.manifest import ManifestInvalid, Problem, Reason

REASONS: dict[Reason, StrOrPromise] = {
    Reason.EMPTY: gettext_lazy("there is no file in it"),
    Reason.NOT_UTF8: gettext_lazy("the text is not UTF-8"),
    Reason.BYTE_ORDER_MARK: gettext_lazy("the text begins with a byte order mark; save it without"),
    Reason.CARRIAGE_RETURN: gettext_lazy(
        "the line ends with a carriage return; save the text with line feeds only"
    ),
    Reason.BLANK_LINE: gettext_lazy("the line is empty"),
    Reason.UPPER_CASE: gettext_lazy("the digest has upper-case letters; sha256sum writes lower case"),
    Reason.BINARY_MARK: gettext_lazy("the * of binary mode stands before the name; run sha256sum without -b"),
    Reason.ESCAPED_NAME: gettext_lazy("the name has a backslash or a line feed; rename the file"),
    Reason.NOT_A_LINE: gettext_lazy("expected 64 hexadecimal digits, two spaces and a path"),
    Reason.CONTROL_CHARACTER: gettext_lazy("the name has a control character; rename the file"),
    Reason.ABSOLUTE_PATH: gettext_lazy("the path is absolute; run sha256sum inside the folder"),
    Reason.LEAVES_FOLDER: gettext_lazy("the path leaves the folder"),
    Reason.UNCLEAN_PATH: gettext_lazy("the path has an empty part or a single dot; write it without"),
    Reason.DUPLICATE: gettext_lazy("the path stands on an earlier line already"),
    Reason.FILE_AND_FOLDER: gettext_lazy("the path is a file here and a folder on another line"),
}


def problem_in_words(problem: Problem) -> str:
    """Return where and what is wrong, as one sentence part: "line 3: the line is empty"."""
    if not problem.line:
        return str(REASONS[problem.reason])
    return _("line {number}: {reason}").format(number=problem.line, reason=REASONS[problem.reason])


def invalid_in_words(fault: ManifestInvalid) -> list[str]:
    """Return the problems in words, with a last line that says how many are not shown."""
    lines = [problem_in_words(problem) for problem in fault.problems]
    if hidden := fault.count - len(fault.problems):
        lines.append(_("and {count} more").format(count=hidden))
    return lines
