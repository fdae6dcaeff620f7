"""Structure of untrusted JSON values: exact keys, types and ranges. Standard library only.

A shape is a predicate, a dict of shapes (exactly these keys), a list with one shape (any number of items), or a tuple
of shapes (a list of exactly that length).
"""

import re
from collections.abc import Callable
from typing import Any

Shape = Callable[[Any], bool] | dict[str, Any] | list[Any] | tuple[Any, ...]


def faults(value: Any, shape: Shape, path: str = "$") -> list[str]:
    """Return the paths at which ``value`` does not have ``shape``; empty when it has.

    Args:
        value: decoded JSON.
        shape: what is expected.
        path: name of the value in the answer.

    Source: engineering choice
    """
    if isinstance(shape, dict):
        return _object_faults(value, shape, path)
    if isinstance(shape, list):
        if type(value) is not list:
            return [path]
        return [fault for place, item in enumerate(value) for fault in faults(item, shape[0], f"{path}[{place}]")]
    if isinstance(shape, tuple):
        if type(value) is not list or len(value) != len(shape):
            return [path]
        return [fault for place, item in enumerate(value) for fault in faults(item, shape[place], f"{path}[{place}]")]
    return [] if shape(value) else [path]


def text(value: Any) -> bool:
    """Tell whether the value is a string.

    Source: engineering choice
    """
    return type(value) is str


def flag(value: Any) -> bool:
    """Tell whether the value is true or false.

    Source: engineering choice
    """
    return type(value) is bool


def natural(value: Any) -> bool:
    """Tell whether the value is an integer of at least 0; true and false are none.

    Source: engineering choice
    """
    return type(value) is int and value >= 0


def positive(value: Any) -> bool:
    """Tell whether the value is an integer of at least 1.

    Source: engineering choice
    """
    return type(value) is int and value >= 1


def optional(shape: Shape) -> Callable[[Any], bool]:
    """Return a predicate that also takes null.

    Source: engineering choice
    """
    return lambda value: value is None or not faults(value, shape)


def pattern(expression: str) -> Callable[[Any], bool]:
    """Return a predicate for strings that match the whole expression.

    Source: engineering choice
    """
    compiled = re.compile(expression, re.ASCII)
    return lambda value: type(value) is str and compiled.fullmatch(value) is not None


def one_of(*choices: str) -> Callable[[Any], bool]:
    """Return a predicate for one of the given strings.

    Source: engineering choice
    """
    return lambda value: type(value) is str and value in choices


def _object_faults(value: Any, shape: dict[str, Any], path: str) -> list[str]:
    if type(value) is not dict:
        return [path]
    wrong = [f"{path}.{key}" for key in sorted(value.keys() ^ shape.keys())]
    for key in shape.keys() & value.keys():
        wrong += faults(value[key], shape[key], f"{path}.{key}")
    return sorted(wrong)
