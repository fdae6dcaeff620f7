"""CP-SAT of OR-Tools, loaded when it is first used.

It brings a library of 80 MiB with it, which a process that serves rooms and draws nobody never needs.
"""

from functools import cache
from types import ModuleType
from typing import Any


@cache
def _loaded() -> ModuleType:
    from ortools.sat.python import cp_model

    return cp_model


def __getattr__(name: str) -> Any:
    return getattr(_loaded(), name)
