"""Whether a context has the shape that records.context describes, so that a fault shows at freezing and not
at printing.
"""

from collections.abc import Iterator
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

Shape = Any  # a TypedDict, a literal, a list or a union: types have no type of their own


def faults(value: object, shape: Shape, path: str = "$") -> Iterator[str]:
    """Yield a sentence for each place where the value departs from the TypedDict, literal, list or union
    `shape`.
    """
    origin: object = get_origin(shape)
    if is_typeddict(shape):
        yield from _faults_of_dict(value, shape, path)
    elif origin is list:
        if not isinstance(value, list):
            yield f"{path}: a list is needed"
            return
        for index, item in enumerate(value):
            yield from faults(item, get_args(shape)[0], f"{path}[{index}]")
    elif origin is Literal:
        if value not in get_args(shape):
            yield f"{path}: {value!r} is none of {', '.join(map(str, get_args(shape)))}"
    elif origin in {Union, UnionType}:
        if value is None and NoneType in get_args(shape):
            return
        yield from faults(value, next(part for part in get_args(shape) if part is not NoneType), path)
    elif type(value) is not shape:
        yield f"{path}: {shape.__name__} is needed, not {type(value).__name__}"


def _faults_of_dict(value: object, shape: Shape, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path}: an object is needed"
        return
    wanted = get_type_hints(shape)
    optional = shape.__optional_keys__
    for key in sorted((set(value) ^ set(wanted)) - (optional - set(value))):
        yield f"{path}.{key}: {'missing' if key in wanted else 'unknown'}"
    for key in set(value) & set(wanted):
        yield from faults(value[key], wanted[key], f"{path}.{key}")
