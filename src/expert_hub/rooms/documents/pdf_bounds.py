"""What a PDF may cost its readers: number of objects, how deep they lie in each other, and what its streams expand to.

Streams are inflated and counted block by block, and nothing of them is kept.
"""

import zlib
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

MAX_OBJECTS = 300_000
MAX_DEPTH = 40
MAX_STREAM = 256 * 1024**2
MAX_EXPANDED = 1024**3
_MAX_INNER = 16 * 1024**2
_BLOCK = 1 << 20
_FLATE = ("/FlateDecode", "/Fl")


class TooCostly(Exception):
    """A bound is broken."""


def require_bounds(reader: PdfReader) -> None:
    """Go through every object once, by its number; none is followed, so that a cycle ends nowhere.

    Raises:
        TooCostly: a bound is broken.
        zlib.error: a stream is damaged.
    """
    numbers = {(number, generation) for generation, table in reader.xref.items() for number in table}
    numbers |= {(number, 0) for number in reader.xref_objStm}
    if len(numbers) > MAX_OBJECTS:
        raise TooCostly
    left = MAX_EXPANDED
    for number, generation in sorted(numbers):
        found = reader.get_object(IndirectObject(number, generation, reader))
        _require_depth(found, 0)
        if isinstance(found, StreamObject):
            left -= _expanded(found)
            if left < 0:
                raise TooCostly
        # Else a large file would at last be in memory as a whole.
        reader.resolved_objects.pop((generation, number), None)


def _require_depth(found: Any, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise TooCostly
    if isinstance(found, DictionaryObject | ArrayObject):
        for child in found.values() if isinstance(found, DictionaryObject) else found:
            _require_depth(child, depth + 1)


def _expanded(stream: StreamObject) -> int:
    """Octets that the leading Flate layers make; more than two of them is no honest file."""
    filters = stream.get("/Filter")
    names = list(filters) if isinstance(filters, ArrayObject) else [filters]
    layers = sum(name in _FLATE for name in names)
    if layers > 2 or len(names) > 4:
        raise TooCostly
    data: bytes = stream._data
    if names[0] not in _FLATE:
        return len(data)
    if layers == 1:
        return _inflated(data, MAX_STREAM)[0]
    size, inner = _inflated(data, _MAX_INNER, keep=True)
    return size + _inflated(inner, MAX_STREAM)[0]


def _inflated(data: bytes, most: int, keep: bool = False) -> tuple[int, bytes]:
    engine, size, kept = zlib.decompressobj(), 0, bytearray()
    while data and not engine.eof:
        block = engine.decompress(data, _BLOCK)
        size += len(block)
        if size > most:
            raise TooCostly
        if keep:
            kept += block
        data = engine.unconsumed_tail
    return size, bytes(kept)
