"""Changes of the data of a questionnaire, each a new copy: topics and questions put in, replaced, moved, taken out."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

Content = dict[str, Any]


class NoSuchPlace(LookupError):  # noqa: N818
    """The topic or question isn't there (any more)."""


def topics_of(content: Mapping[str, Any]) -> list[Any]:
    """Return the topics as they stand, none where the data are something else."""
    topics = content.get("topics")
    return topics if isinstance(topics, list) else []


def part_of(content: Mapping[str, Any], topic: int, question: int = 0) -> dict[str, Any]:
    """Return a topic, or one of its questions; both count from 1. Raises NoSuchPlace."""
    found = _at(topics_of(content), topic)
    return _at(found.get("questions") or [], question) if question else found


def with_topic(content: Mapping[str, Any], topic: int, given: Mapping[str, Any]) -> Content:
    """Put the topic in the place of that one, keeping its questions; 0: at the end."""
    changed = deepcopy(dict(content))
    topics = changed["topics"] = topics_of(changed)
    if topic:
        _at(topics, topic).update(given)
    else:
        topics.append({**given, "questions": []})
    return changed


def with_question(content: Mapping[str, Any], topic: int, question: int, given: Mapping[str, Any]) -> Content:
    """Put the question in the place of that one; 0: at the end of the topic."""
    changed = deepcopy(dict(content))
    questions = _at(topics_of(changed), topic).setdefault("questions", [])
    if question:
        _at(questions, question)
        questions[question - 1] = dict(given)
    else:
        questions.append(dict(given))
    return changed


def moved(content: Mapping[str, Any], topic: int, question: int, to: str) -> Content:
    """Move a topic, or one of its questions, "up", "down" or "out"; raises NoSuchPlace for another way.

    The first question goes up to the topic before, the last one down to the topic after.
    """
    changed = deepcopy(dict(content))
    topics = topics_of(changed)
    siblings = _at(topics, topic).setdefault("questions", []) if question else topics
    place = (question or topic) - 1
    _at(siblings, place + 1)
    if to == "out":
        del siblings[place]
        return changed
    if to not in {"up", "down"}:
        raise NoSuchPlace
    target = place + (1 if to == "down" else -1)
    part = siblings.pop(place)
    if question and not 0 <= target <= len(siblings):
        neighbour = topic + (1 if to == "down" else -1)
        if not 1 <= neighbour <= len(topics):
            siblings.insert(place, part)
            return changed
        others = topics[neighbour - 1].setdefault("questions", [])
        others.insert(0 if to == "down" else len(others), part)
        return changed
    siblings.insert(max(target, 0), part)
    return changed


def _at(parts: Any, place: int) -> dict[str, Any]:  # noqa: ANN401  (whatever JSON can hold)
    if not isinstance(parts, list) or not 1 <= place <= len(parts) or not isinstance(parts[place - 1], dict):
        raise NoSuchPlace
    part: dict[str, Any] = parts[place - 1]
    return part
