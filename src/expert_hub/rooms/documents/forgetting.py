"""What a marked copy leaves behind: everything in a file that acts, or that tells more than its pages show.

A PDF says who made it in many places beside its title: data streams of pages and pictures, notes, names and values of
form fields, certificates inside signatures, remarks inside photographs. Appearances stay; the rest is dropped.
"""

import struct
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, StreamObject

_DEEPEST = 40
_BOXES = ("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox")
_PAGE_KEYS = frozenset(
    (*_BOXES, "/Type", "/Parent", "/Resources", "/Contents", "/Rotate", "/Annots", "/UserUnit", "/Group")
)
_NOTE_KEYS = frozenset(("/Type", "/Subtype", "/Rect", "/F", "/AP", "/AS"))
_SILENT_NOTES = frozenset(
    ("/Text", "/Popup", "/Link", "/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D", "/Redact")
)
_TELLING_KEYS = frozenset(
    ("/Metadata", "/PieceInfo", "/AF", "/EF", "/AA", "/JS", "/OpenAction", "/LastModified", "/CreatorInfo", "/OPI")
)
_KEPT_SEGMENTS = frozenset((0xE0, 0xE2, 0xEE))
"""JFIF, colour profile, and Adobe's, which says how the colours are to be read."""


def forget(reader: PdfReader) -> None:
    """Drop from every object of an open PDF what tells or acts; call before its pages are taken."""
    numbers = {(number, generation) for generation, table in reader.xref.items() for number in table}
    numbers |= {(number, 0) for number in reader.xref_objStm}
    for number, generation in sorted(numbers):
        found = reader.get_object(IndirectObject(number, generation, reader))
        _forget_in(found, 0)


def _forget_in(found: Any, depth: int) -> None:
    if depth > _DEEPEST:
        raise ValueError("nested too deeply")
    if isinstance(found, DictionaryObject):
        for key in _TELLING_KEYS & found.keys():
            del found[key]
        if isinstance(found, StreamObject) and found.get("/Filter") in ("/DCTDecode", "/DCT", ["/DCTDecode"]):
            found._data = without_notes(found._data)
    children = found.values() if isinstance(found, DictionaryObject) else found
    if isinstance(found, DictionaryObject | ArrayObject):
        for child in children:
            _forget_in(child, depth + 1)


def quieten(page: Any) -> None:
    """Leave of a page what is needed to show it, and of what stands on it (seals, signatures) only the look."""
    for key in page.keys() - _PAGE_KEYS:
        del page[key]
    notes = page.get("/Annots")
    if notes is None:
        return
    shown = ArrayObject()
    for entry in notes.get_object():
        note = entry.get_object()
        if isinstance(note, DictionaryObject) and "/AP" in note and note.get("/Subtype") not in _SILENT_NOTES:
            shown.append(DictionaryObject({NameObject(key): note.raw_get(key) for key in _NOTE_KEYS & note.keys()}))
    page[NameObject("/Annots")] = shown


def without_notes(octets: bytes) -> bytes:
    """A JPEG without remarks and camera data, except which way up it is; anything else comes back as it is."""
    kept, at = bytearray(octets[:2]), 2
    for marker, start, end in _segments(octets):
        if marker == 0xE1:
            kept += _upright(octets[start + 4 : end])
        elif marker in _KEPT_SEGMENTS or not (0xE0 <= marker <= 0xEF or marker == 0xFE):
            kept += octets[start:end]
        at = end
    return bytes(kept + octets[at:])


def _segments(octets: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, start and end of each segment before the picture's own data."""
    at = 2
    while octets[:2] == b"\xff\xd8" and at + 4 <= len(octets) and octets[at] == 0xFF and octets[at + 1] != 0xDA:
        end = at + 2 + int.from_bytes(octets[at + 2 : at + 4], "big")
        yield octets[at + 1], at, end
        at = max(end, at + 4)


def _upright(body: bytes) -> bytes:
    """The one entry of camera data that a reader needs, the orientation, as a segment of its own; or nothing."""
    order = {b"II": "<", b"MM": ">"}.get(body[6:8])
    if not body.startswith(b"Exif\0\0") or order is None or len(body) < 16:
        return b""
    tiff = body[6:]
    first = struct.unpack_from(f"{order}I", tiff, 4)[0]
    count = struct.unpack_from(f"{order}H", tiff, first)[0] if first + 2 <= len(tiff) else 0
    for entry in range(first + 2, min(first + 2 + 12 * count, len(tiff) - 11), 12):
        tag, kind, _, value = struct.unpack_from(f"{order}HHIH", tiff, entry)
        if (tag, kind) == (0x0112, 3) and 1 <= value <= 8:
            said = b"Exif\0\0II*\0" + struct.pack("<IHHHIHHI", 8, 1, 0x0112, 3, 1, value, 0, 0)
            return b"\xff\xe1" + struct.pack(">H", len(said) + 2) + said
    return b""
