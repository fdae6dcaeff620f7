"""Write the tables of `docs/protocol/room.md` anew: frames, commands, views, sections, events, values, refusals.

Taken from the structs, the permissions, the table of views and the catalogue of refusals, so that the page cannot say
something else than the code. Text between the tables is written by hand and stays.
"""

import importlib
import inspect
import pkgutil
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, get_args

from msgspec import inspect as shape

import evaluation
from evaluation.commands import Command
from evaluation.decisions.situation import PERMISSIONS
from evaluation.errors import EvaluationError
from evaluation.events import Event
from evaluation.protocol import Actor, ClientFrame, ServerFrame
from evaluation.stages import Stage
from evaluation.visibility import TABLE, Period

TARGET = "docs/protocol/room.md"
ROOT = Path(__file__).resolve().parents[1]
_WORDS: dict[type[shape.Type], str] = {
    shape.StrType: "text",
    shape.IntType: "integer",
    shape.BoolType: "true/false",
    shape.DateTimeType: "instant",
    shape.RawType: "object",
    shape.AnyType: "any",
}
_GIVERS = ("Member", "Leader", "Host operator", "Guest operator", "Operator", "Supervisor", "Client", "Server")


def summary(item: Any) -> str:
    """First paragraph of a docstring in one line, without its source."""
    first = inspect.cleandoc(item.__doc__ or "").split("\n\n")[0]
    return re.sub(r"\s+", " ", re.sub(r"Source:.*", "", first, flags=re.DOTALL)).strip()


def meaning(item: Any) -> str:
    """What a command, frame or event means: its summary without the part that says who gives it."""
    said = summary(item)
    giver, _, rest = said.partition(": ")
    return rest[:1].upper() + rest[1:] if rest and giver.startswith(_GIVERS) else said


def word(kind: shape.Type) -> str:
    """The type of a field in the words of the page."""
    if isinstance(kind, shape.Metadata):
        return word(kind.type)
    if isinstance(kind, shape.StructType):
        return kind.cls.__name__
    if isinstance(kind, shape.EnumType):
        return "stage" if kind.cls is Stage else kind.cls.__name__
    if isinstance(kind, shape.LiteralType):
        return " / ".join(f'"{value}"' for value in sorted(kind.values))
    if isinstance(kind, shape.UnionType):
        named = [word(item) for item in kind.types if not isinstance(item, shape.NoneType)]
        return " or ".join([*named, *(["null"] if kind.includes_none else [])])
    if isinstance(kind, shape.DictType):
        return f"object of {word(kind.value_type)}"
    if isinstance(kind, shape.TupleType):
        words = list(dict.fromkeys(word(item) for item in kind.item_types))
        return f"pair of {' and '.join(words)}"
    if isinstance(kind, shape.VarTupleType | shape.ListType | shape.SetType | shape.FrozenSetType):
        return f"list of {word(kind.item_type)}"
    return _WORDS[type(kind)]


def fields(struct: Any) -> str:
    """The fields of a struct as one cell."""
    found: Any = shape.type_info(struct)
    said = [
        f"`{field.encode_name}` ({word(field.type)}{'' if field.required else ', optional'})" for field in found.fields
    ]
    return ", ".join(said) or "-"


def values(kinds: Iterable[Any]) -> list[Any]:
    """The plain structs inside these structs, each once, in the order in which they are met."""
    met: dict[Any, None] = {}
    for kind in kinds:
        for inner in _inner(shape.type_info(kind)):
            met.setdefault(inner)
    return list(met)


def _inner(kind: Any) -> Iterator[Any]:
    for field in kind.fields:
        for part in _structs(field.type):
            yield part.cls
            yield from _inner(part)


def _structs(kind: Any) -> Iterator[shape.StructType]:
    if isinstance(kind, shape.StructType):
        yield kind
        return
    names = ("type", "item_type", "value_type")
    parts = [getattr(kind, name) for name in names if isinstance(getattr(kind, name, None), shape.Type)]
    for part in (*parts, *getattr(kind, "types", ()), *getattr(kind, "item_types", ())):
        yield from _structs(part)


def tables() -> dict[str, list[tuple[str, ...]]]:
    """Rows by the head of their table; a head that the page has twice has its rows in the order of the page."""
    return {
        "client frames": [_framed(kind) for kind in get_args(ClientFrame)],
        "server frames": [_framed(kind) for kind in get_args(ServerFrame)],
        "| Command |": [_command(kind) for kind in get_args(Command)],
        "| Viewer |": [
            (viewer, *(" ".join(f"`{name}`" for name in cells[period]) for period in Period))
            for viewer, cells in TABLE.items()
        ],
        "| Section |": [(f"`{name}`", said) for name, said in sections().items()],
        "| Event |": [_framed(kind) for kind in get_args(Event)],
        "| Value |": [(kind.__name__, fields(kind)) for kind in (*values(get_args(Event)), Actor)],
        "| Code |": [(f"`{code}`", error.zh, error.en) for code, error in sorted(refusals().items())],
    }


def sections() -> dict[str, str]:
    """What each section holds; a section that two viewers get differently has both texts."""
    said: dict[str, dict[str, None]] = {}
    for cells in TABLE.values():
        for builders in cells.values():
            for name, build in builders.items():
                said.setdefault(name, {}).setdefault(summary(build))
    return {name: " ".join(texts) for name, texts in said.items()}


def refusals() -> dict[str, Any]:
    """Every refusal of the kernel by its code, wherever it is defined."""
    for module in pkgutil.walk_packages(evaluation.__path__, "evaluation."):
        importlib.import_module(module.name)
    return dict(EvaluationError.catalogue)


def _framed(kind: Any) -> tuple[str, ...]:
    return f"`{kind.__struct_config__.tag}`", fields(kind), meaning(kind)


def _command(kind: Any) -> tuple[str, ...]:
    permission = PERMISSIONS[kind]
    who = ", ".join("leader" if permission.leader and role == "member" else role for role in permission.roles)
    return f"`{kind.__struct_config__.tag}`", who, ", ".join(permission.stages), fields(kind), meaning(kind)


def page(text: str) -> str:
    """The page with its tables written anew.

    Args:
        text: The page as it is.
    """
    rows, frames = tables(), iter(("client frames", "server frames"))
    lines, written, in_table = text.split("\n"), list[str](), False
    for number, line in enumerate(lines):
        if in_table and line.startswith("|"):
            continue
        head = _head(line, frames) if number + 1 < len(lines) and lines[number + 1].startswith("|---") else ""
        in_table = head in rows
        written.append(line)
        if in_table:
            written += [lines[number + 1], *(f"| {' | '.join(row)} |" for row in rows.pop(head))]
    if rows:
        raise LookupError(f"{TARGET} has no table for: {', '.join(rows)}")
    return "\n".join(written)


def _head(line: str, frames: Iterator[str]) -> str:
    first = f"|{line.split('|')[1]}|"
    return next(frames) if first == "| `kind` |" else first


if __name__ == "__main__":
    target = ROOT / TARGET
    target.write_text(page(target.read_text(encoding="utf-8")), encoding="utf-8")
    sys.exit(0)
