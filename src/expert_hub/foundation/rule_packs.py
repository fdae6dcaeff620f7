"""Rule packs: the numbers of the law as data, each with its citation.

A pack is a TOML file. Every rule is ``[value, citation, mark]``; a key that does not apply is ``"n/a"``. The loader
refuses a pack that is not complete and correct, and names the file and the line.
"""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from datetime import date
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from expert_hub.foundation.pack_keys import CENTRE_KEYS, PACK_KEYS
from expert_hub.foundation.pack_refusals import (
    BadMark,
    MissingCitation,
    MissingKey,
    OutOfForce,
    PackSyntax,
    RulePackError,
    UnknownKey,
    WrongType,
)
from expert_hub.foundation.pack_rules import Duration, Mark, Rule, RulePack
from expert_hub.foundation.pack_types import KeyType
from expert_hub.foundation.toml_lines import KeyPath, key_lines

__all__ = ["Duration", "Mark", "Rule", "RulePack", "RulePackError", "load_pack", "parse_pack", "shipped_pack"]

NOT_APPLICABLE: Final = "n/a"
CENTRE_CATEGORY: Final = "centre_settings"
CENTRE_PACK: Final = "cn.centre_settings"
"""Id of the pack that holds the settings of the centre."""
SHIPPED_PACKS: Final = ("government_procurement", "engineering_tender")

_HEAD_REQUIRED: Final[dict[str, type]] = {
    "id": str,
    "version": str,
    "category": str,
    "effective_from": date,
    "floors": list,
}
_HEAD_OPTIONAL: Final[dict[str, type]] = {"effective_until": date}
_SYNTAX_LINE: Final = re.compile(r"\(at line (\d+)")


def parse_pack(content: bytes, file: str, on: date) -> RulePack:
    """Read and check a pack.

    Args:
        content: the bytes of the file; the digest is taken over exactly these.
        file: name to show in refusals.
        on: the day on which the pack must be in force.

    Returns:
        The frozen pack; centre settings (category ``centre_settings``) are checked against their own keys.

    Raises:
        RulePackError: the first fault, with file and line.

    Source: engineering choice
    """
    return _PackReader(content, file).read(on)


def load_pack(path: Path, on: date) -> RulePack:
    """Read a pack file; see `parse_pack`.

    Source: engineering choice
    """
    return parse_pack(path.read_bytes(), path.name, on)


def shipped_pack(category: str, on: date) -> RulePack:
    """Load a pack that comes with the program.

    Args:
        category: one of `SHIPPED_PACKS`, or ``centre_settings``.
        on: the day on which the pack must be in force.

    Returns:
        The frozen pack.

    Source: engineering choice
    """
    name = f"{category}.toml"
    return parse_pack((resources.files(__package__) / "packs" / name).read_bytes(), name, on)


class _PackReader:
    def __init__(self, content: bytes, file: str) -> None:
        self.file = file
        self.sha256 = hashlib.sha256(content).hexdigest()
        self.tables = self._parse(content)
        self.lines: dict[KeyPath, int] = key_lines(content.decode("utf-8"))

    def _parse(self, content: bytes) -> dict[str, Any]:
        try:
            return tomllib.loads(content.decode("utf-8"))
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            raise PackSyntax(self.file, line, "encoding", "the file must be UTF-8") from error
        except tomllib.TOMLDecodeError as error:
            found = _SYNTAX_LINE.search(str(error))
            line = int(found[1]) if found else len(content.splitlines())
            raise PackSyntax(self.file, line, "TOML", str(error)) from error

    def read(self, on: date) -> RulePack:
        self._check_tables()
        head = self.tables["pack"]
        self._check_head(head, on)
        keys = CENTRE_KEYS if head["category"] == CENTRE_CATEGORY else PACK_KEYS
        rules = self._rules(keys)
        self._check_floors(head["floors"], rules)
        return RulePack(
            pack_id=head["id"],
            version=head["version"],
            category=head["category"],
            effective_from=head["effective_from"],
            effective_until=head.get("effective_until"),
            floors=tuple(head["floors"]),
            sha256=self.sha256,
            rules=MappingProxyType(rules),
        )

    def _line(self, *path: str) -> int:
        """Line of a key or of its first part; of the nearest table around it when the key itself is absent."""
        while path:
            found = [line for known, line in self.lines.items() if known[: len(path)] == path]
            if found:
                return min(found)
            path = path[:-1]
        return 1

    def _check_tables(self) -> None:
        for name in self.tables:
            if name not in ("pack", "rules"):
                raise UnknownKey(self.file, self._line(name), name)
        for name in ("pack", "rules"):
            if not isinstance(self.tables.get(name), dict):
                raise PackSyntax(self.file, self._line(name), name, "the table is missing")

    def _check_head(self, head: dict[str, Any], on: date) -> None:
        known = _HEAD_REQUIRED | _HEAD_OPTIONAL
        for name, value in head.items():
            if name not in known:
                raise UnknownKey(self.file, self._line("pack", name), f"pack.{name}")
            # A datetime is a date for isinstance, but a pack begins and ends with a day.
            if type(value) is not known[name] or value == "":
                raise WrongType(self.file, self._line("pack", name), f"pack.{name}", known[name].__name__)
        for name in _HEAD_REQUIRED:
            if name not in head:
                raise MissingKey(self.file, self._line("pack"), f"pack.{name}")
        self._check_force(head, on)

    def _check_force(self, head: dict[str, Any], on: date) -> None:
        if on < head["effective_from"]:
            raise OutOfForce(self.file, self._line("pack", "effective_from"), "effective_from", on.isoformat())
        if on > head.get("effective_until", date.max):
            raise OutOfForce(self.file, self._line("pack", "effective_until"), "effective_until", on.isoformat())

    def _rules(self, keys: Mapping[str, KeyType]) -> dict[str, Rule]:
        rules: dict[str, Rule] = {}
        for group, entries in self.tables["rules"].items():
            if not isinstance(entries, dict):
                raise UnknownKey(self.file, self._line("rules", group), group)
            for name, entry in entries.items():
                key = f"{group}.{name}"
                if key not in keys:
                    raise UnknownKey(self.file, self._line("rules", group, name), key)
                rules[key] = self._rule(key, entry, keys[key])
        for key in keys:
            if key not in rules:
                raise MissingKey(self.file, self._group_line(key), key)
        return {key: rules[key] for key in keys}

    def _group_line(self, key: str) -> int:
        group = key.split(".")[0]
        members = [line for path, line in self.lines.items() if path[:2] == ("rules", group)]
        return max(members, default=self._line("rules"))

    def _rule(self, key: str, entry: Any, key_type: KeyType) -> Rule:
        if entry == NOT_APPLICABLE:
            return Rule(key, None, "", None)
        line = self._line("rules", *key.split("."))
        if not isinstance(entry, list) or not entry:
            raise WrongType(self.file, line, key, '[value, citation, mark] or "n/a"')
        if len(entry) < 2 or not isinstance(entry[1], str) or not entry[1].strip():
            raise MissingCitation(self.file, line, key)
        if len(entry) != 3 or entry[2] not in list(Mark):
            raise BadMark(self.file, line, key, str(entry[2:]))
        if not key_type.accepts(entry[0]):
            raise WrongType(self.file, line, key, str(key_type))
        value = tuple(entry[0]) if isinstance(entry[0], list) else entry[0]
        return Rule(key, value, entry[1], Mark(entry[2]))

    def _check_floors(self, floors: list[Any], rules: Mapping[str, Rule]) -> None:
        line = self._line("pack", "floors")
        for floor in floors:
            if not isinstance(floor, str) or floor not in rules:
                raise UnknownKey(self.file, line, f"floors: {floor}")
            if not rules[floor].is_applicable:
                raise MissingCitation(self.file, line, f"floors: {floor}")
