"""Bytes that a person or a stranger's program gave as hexadecimal text."""

import re

from expert_hub.draws.errors import HexadecimalExpected

_HEXADECIMAL = re.compile(r"(?:[0-9a-fA-F]{2})*", re.ASCII)


def octets_of(text: str, length: int | None = None) -> bytes | None:
    """The bytes of a hexadecimal text; nothing if it is none, or has another length than `length` bytes."""
    if (length is not None and len(text) != 2 * length) or not _HEXADECIMAL.fullmatch(text):
        return None
    return bytes.fromhex(text)


def octets_or_refuse(text: str, length: int, name: str) -> bytes:
    """The bytes of a hexadecimal text that a person typed; blanks and line ends at its ends do not count.

    Raises:
        HexadecimalExpected: it is none of that length.
    """
    found = octets_of(text.strip(), length)
    if found is None:
        raise HexadecimalExpected(name=name, length=length)
    return found
