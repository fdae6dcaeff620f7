"""Kinds of files, parts of a bid, names, digests and ranges; nothing here reads or writes."""

import base64
import re
import unicodedata
from enum import StrEnum

import msgspec

MAX_TITLE = 200
MAX_PER_BID = 50
_DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/]{43}=):")
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class Part(StrEnum):
    """Which part of a bid a document is; `blind` is the technical part of a tender with blind evaluation (暗标)."""

    TECHNICAL = "technical"
    BLIND = "blind"
    BUSINESS = "business"
    PRICE = "price"


class Kind(StrEnum):
    """What a file is, found from its octets and never from its name."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"
    DOCX = "docx"
    XLSX = "xlsx"
    ZIP = "zip"

    @property
    def is_markable(self) -> bool:
        """Whether a rendition with marks can be made of it."""
        return self in (Kind.PDF, Kind.PNG, Kind.JPEG)

    @property
    def media_type(self) -> str:
        """The media type under which the original is served."""
        return _MEDIA[self]


_OFFICE = "application/vnd.openxmlformats-officedocument"
_MEDIA = {
    Kind.PDF: "application/pdf",
    Kind.PNG: "image/png",
    Kind.JPEG: "image/jpeg",
    Kind.DOCX: f"{_OFFICE}.wordprocessingml.document",
    Kind.XLSX: f"{_OFFICE}.spreadsheetml.sheet",
    Kind.ZIP: "application/zip",
}


def title_of(name: str) -> str:
    """A file name as a title: one line, no path, no control or direction characters, at most 200 characters.

    The title is text for people. No file on any disk ever has it as its name.
    """
    flat = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(sign for sign in flat if unicodedata.category(sign)[0] != "C" and sign not in '<>"')
    return " ".join(kept.split())[:MAX_TITLE] or "untitled"


def declared_digest(header: str | None) -> bytes | None:
    """The SHA-256 of a Content-Digest header (RFC 9530), or none if there is no header.

    Raises:
        ValueError: the header holds no sha-256 of that form.
    """
    if header is None:
        return None
    found = _DIGEST.search(header)
    if found is None:
        raise ValueError(header)
    return base64.b64decode(found[1], validate=True)


class Span(msgspec.Struct, frozen=True):
    """Octets `start` to `end`, both included."""

    start: int
    end: int

    @property
    def length(self) -> int:
        """How many octets."""
        return self.end - self.start + 1


def span_of(header: str | None, size: int) -> Span | None:
    """The part of a file that a Range header asks for, or none for the whole file.

    More than one range, and a form that is not understood, give the whole file, as RFC 9110 allows.

    Raises:
        ValueError: the range lies outside the file.
    """
    found = _RANGE.fullmatch(header.strip()) if header else None
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        start, end = max(size - int(found[2]), 0), size - 1
    else:
        start, end = int(found[1]), min(int(found[2]) if found[2] else size - 1, size - 1)
    if start > end:
        raise ValueError(header)
    return Span(start, end)
