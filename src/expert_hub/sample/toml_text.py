"""Writing small TOML files: strings, whole numbers, yes/no, instants, lists, tables and arrays of tables."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any


def toml_text(document: Mapping[str, Any]) -> str:
    """Write a document.

    Args:
        document: top-level keys; a mapping becomes a table, a list of mappings an array of tables; deeper mappings are
            written inline.

    Returns:
        TOML text that ends with a line end.
    """
    return "\n".join(_tables("", document)).lstrip("\n") + "\n"


def _tables(path: str, table: Mapping[str, Any]) -> list[str]:
    lines = [f"{key} = {_value(value)}" for key, value in table.items() if not _is_section(path, value)]
    for key, value in table.items():
        name = f"{path}.{key}" if path else key
        if not _is_section(path, value):
            continue
        for one in value if isinstance(value, list) else [value]:
            head = f"[[{name}]]" if isinstance(value, list) else f"[{name}]"
            lines += ["", head, *_tables(name, one)]
    return lines


def _is_section(path: str, value: Any) -> bool:
    if isinstance(value, list):
        return path.count(".") == 0 and bool(value) and isinstance(value[0], Mapping) and _is_wide(value)
    return not path and isinstance(value, Mapping)


def _is_wide(rows: list[Mapping[str, Any]]) -> bool:
    """Whether rows deserve tables of their own; two-field rows such as organisations stay on one line."""
    return len(rows[0]) > 2 or any(isinstance(value, list) for value in rows[0].values())


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(one) for one in value)}]"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_value(one)}" for key, one in value.items()) + " }"
    # A JSON string is a TOML basic string.
    return str(value) if isinstance(value, int) else json.dumps(value, ensure_ascii=False)
