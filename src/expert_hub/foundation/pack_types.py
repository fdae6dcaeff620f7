"""How the value of a rule may be written: the form of a key and its test."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

_PATTERNS: Final = {
    "decimal": re.compile(r"[0-9]+(\.[0-9]+)?"),
    "fraction": re.compile(r"[1-9][0-9]*/[1-9][0-9]*"),
    "duration": re.compile(r"[0-9]+(min|h|d|wd|y)"),
    "span": re.compile(r"[0-9]+(min|h|d)"),
    "text": re.compile(r"\S(.*\S)?"),
}


class Form(StrEnum):
    """How the value of a key is written.

    Source: engineering choice
    """

    INTEGER = "integer"
    BOOLEAN = "boolean"
    DECIMAL = "decimal"
    FRACTION = "fraction"
    DURATION = "duration"
    SPAN = "span"
    TEXT = "text"
    WORD = "word"
    WORDS = "words"
    TEXTS = "texts"
    INTEGERS = "integers"


@dataclass(frozen=True, slots=True)
class KeyType:
    """The form of a value and the words that are allowed: all of them for word forms, extra ones for the others.

    Source: engineering choice
    """

    form: Form
    words: frozenset[str] = frozenset()

    def accepts(self, value: Any) -> bool:
        """Tell whether a value as read from TOML has this type."""
        if isinstance(value, list):
            return self._accepts_list(value)
        if isinstance(value, str):
            is_word = self.form is not Form.WORDS and value in self.words
            return is_word or self._accepts_text(value)
        if isinstance(value, bool):
            return self.form is Form.BOOLEAN
        return isinstance(value, int) and value >= 0 and self.form is Form.INTEGER

    def _accepts_text(self, value: str) -> bool:
        pattern = _PATTERNS.get(self.form)
        return pattern is not None and pattern.fullmatch(value) is not None

    def _accepts_list(self, values: list[Any]) -> bool:
        if not values or any(values.count(value) > 1 for value in values):
            return False
        if self.form is Form.INTEGERS:
            return all(type(value) is int and value >= 0 for value in values)
        if self.form is Form.TEXTS:
            return all(isinstance(value, str) and value.strip() == value != "" for value in values)
        return self.form is Form.WORDS and all(isinstance(value, str) and value in self.words for value in values)

    def __str__(self) -> str:
        words = " | ".join(sorted(self.words))
        if not words:
            return self.form.value
        return f"{self.form.value}({words})" if self.form in (Form.WORD, Form.WORDS) else f"{self.form.value} | {words}"
