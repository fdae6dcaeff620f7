"""A rule with its citation, and the frozen pack that holds all rules of a category."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final, TypeVar

_T = TypeVar("_T")
_DURATION: Final = re.compile(r"([0-9]+)(min|h|d|wd|y)")
_MINUTES: Final = {"min": 1, "h": 60, "d": 1440}


class Mark(StrEnum):
    """How well a rule is founded; `to_confirm` is shown wherever the rule is displayed.

    Source: engineering choice
    """

    VERIFIED = "verified"
    LOCAL = "local"
    TO_CONFIRM = "to_confirm"
    PROJECT = "project"


@dataclass(frozen=True, slots=True)
class Duration:
    """A period of a pack: `min`, `h`, `d` (calendar days), `wd` (working days) or `y`.

    Source: engineering choice
    """

    amount: int
    unit: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; `mark` is None and `value` is None when the key does not apply. Lists are tuples.

    Source: engineering choice
    """

    key: str
    value: Any
    citation: str
    mark: Mark | None

    @property
    def is_applicable(self) -> bool:
        """Whether the law of this category knows the rule at all."""
        return self.mark is not None


@dataclass(frozen=True, slots=True)
class RulePack:
    """A complete, checked pack. A project stores id, version and `sha256` when its rules are frozen.

    Source: engineering choice
    """

    pack_id: str
    version: str
    category: str
    effective_from: date
    effective_until: date | None
    floors: tuple[str, ...]
    sha256: str
    rules: Mapping[str, Rule]

    def rule(self, key: str) -> Rule:
        """The rule of a key with citation and mark; KeyError for a key that does not exist."""
        return self.rules[key]

    def value(self, key: str) -> Any:
        """The value as written (lists as tuples), None when the key does not apply."""
        return self.rules[key].value

    def integer(self, key: str) -> int:
        """A number that must apply."""
        return _expect(self.rules[key], int)

    def flag(self, key: str) -> bool:
        """A yes or no that must apply."""
        return _expect(self.rules[key], bool)

    def text(self, key: str) -> str:
        """A text or word that must apply."""
        return _expect(self.rules[key], str)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts or words that must apply."""
        return _expect(self.rules[key], tuple)

    def decimal(self, key: str) -> Decimal:
        """A decimal that must apply."""
        return Decimal(self.text(key))

    def fraction(self, key: str) -> Fraction:
        """A fraction that must apply."""
        return Fraction(self.text(key))

    def duration(self, key: str) -> Duration:
        """A period that must apply."""
        match = _DURATION.fullmatch(self.text(key))
        if match is None:
            raise TypeError(f"{key} is not a duration")
        return Duration(int(match[1]), match[2])

    def span(self, key: str) -> timedelta:
        """A period that must apply and has the same length whenever it begins: minutes, hours or days."""
        period = self.duration(key)
        if period.unit not in _MINUTES:
            raise TypeError(f"{key} is counted on the calendar")
        return timedelta(minutes=period.amount * _MINUTES[period.unit])


def _expect(rule: Rule, kind: type[_T]) -> _T:
    value = rule.value
    # Not isinstance: True would pass for a number.
    if type(value) is not kind:
        raise TypeError(f"{rule.key} holds {value!r}, not {kind.__name__}")
    return value
