"""The classification of expert specialities (CN-316): reading and checking a catalogue file.

The project ships the first two levels and the codes its sample uses; a centre loads the full catalogue from a file of
the same form.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import Final

from expert_hub.foundation.errors import HubError

HEADER: Final = ("code", "name", "level", "parent")

_CODE: Final = re.compile(r"[ABC]([0-9]{2}){0,3}")


class CatalogueFault(HubError):
    """A catalogue file that may not be used; `facts` hold file, line, what is wrong and the value."""

    code = "experts/catalogue-fault"
    status = 422
    zh = "专业目录 {file} 第 {line} 行有误（{fault}）：{value}"
    en = "speciality catalogue {file}, line {line}: {fault}: {value}"


@dataclass(frozen=True, slots=True)
class Speciality:
    """One node of the classification: level 1 to 4, `parent` is empty on level 1.

    Source: 发改法规〔2018〕316号
    """

    code: str
    name: str
    level: int
    parent: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All specialities by code, in the order of the file.

    Source: 发改法规〔2018〕316号
    """

    by_code: Mapping[str, Speciality]

    def __contains__(self, code: object) -> bool:
        return code in self.by_code

    def __len__(self) -> int:
        return len(self.by_code)

    def name_of(self, code: str) -> str | None:
        """The Chinese name, None for a code that is not listed."""
        found = self.by_code.get(code)
        return found.name if found else None

    def at_level(self, level: int) -> tuple[Speciality, ...]:
        """The specialities of one level (1 to 4)."""
        return tuple(node for node in self.by_code.values() if node.level == level)

    def children_of(self, code: str) -> tuple[Speciality, ...]:
        """The specialities directly below a code."""
        return tuple(node for node in self.by_code.values() if node.parent == code)


def is_speciality_code(text: str) -> bool:
    """Tell whether a text has the form of a code: a letter A, B or C and up to three groups of two digits.

    Args:
        text: a code as read from a file.

    Returns:
        True for a well-formed code, listed or not.

    Source: 发改法规〔2018〕316号
    """
    return _CODE.fullmatch(text) is not None


def level_of(code: str) -> int:
    """Compute the level of a well-formed code.

    Args:
        code: 1, 3, 5 or 7 characters.

    Returns:
        1 to 4.

    Source: 发改法规〔2018〕316号
    """
    return (len(code) + 1) // 2


def ancestor_at(code: str, level: int) -> str:
    """Cut a code back to a level; a code above that level stays.

    Args:
        code: a well-formed code.
        level: 1 to 4.

    Returns:
        The ancestor's code.

    Source: 发改法规〔2018〕316号
    """
    return code[: 2 * level - 1]


def parse_catalogue(content: bytes, file: str) -> Catalogue:
    """Read a catalogue: UTF-8, tab separated, one header line, LF or CRLF.

    Args:
        content: the bytes of the file.
        file: name to show in refusals.

    Returns:
        The frozen catalogue; every parent exists.

    Raises:
        CatalogueFault: the first fault, with its line counted from 1.

    Source: 发改法规〔2018〕316号
    """
    lines = _lines(content, file)
    if tuple(lines[0].split("\t")) != HEADER:
        raise CatalogueFault(file=file, line=1, fault="header", value=lines[0])
    nodes: dict[str, Speciality] = {}
    placed: dict[str, int] = {}
    for number, line in enumerate(lines[1:], start=2):
        node = _node(line.split("\t"), number, file)
        if node.code in nodes:
            raise CatalogueFault(file=file, line=number, fault="repeated code", value=node.code)
        nodes[node.code], placed[node.code] = node, number
    for node in nodes.values():
        if node.parent and node.parent not in nodes:
            raise CatalogueFault(file=file, line=placed[node.code], fault="parent not listed", value=node.parent)
    return Catalogue(MappingProxyType(nodes))


def shipped_catalogue() -> Catalogue:
    """Load the catalogue that comes with the program.

    Returns:
        Levels 1 and 2 complete, levels 3 and 4 as far as the sample library uses them.

    Source: 发改法规〔2018〕316号
    """
    name = "catalogue.tsv"
    return parse_catalogue((resources.files(__package__) / name).read_bytes(), name)


def _lines(content: bytes, file: str) -> list[str]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise CatalogueFault(file=file, line=line, fault="not UTF-8", value="") from error
    lines = text.replace("\r\n", "\n").split("\n")
    return lines[:-1] if len(lines) > 1 and lines[-1] == "" else lines


def _node(cells: list[str], line: int, file: str) -> Speciality:
    fault = _fault_of(cells)
    if fault:
        raise CatalogueFault(file=file, line=line, fault=fault, value="\t".join(cells))
    code, name, level, parent = cells
    return Speciality(code, name, int(level), parent)


def _fault_of(cells: list[str]) -> str | None:
    if len(cells) != len(HEADER):
        return "needs four columns"
    code, name, level, parent = cells
    if not is_speciality_code(code):
        return "malformed code"
    if not name or name != name.strip():
        return "name empty or with blanks around it"
    if level != str(level_of(code)):
        return "level does not fit the code"
    return None if parent == code[:-2] else "parent does not fit the code"
