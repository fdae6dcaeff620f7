"""Pages of a list: a limit and an opaque cursor that stays right while rows are added."""

import base64
import binascii
from collections.abc import Sequence
from typing import Generic, TypeVar

import msgspec

from expert_hub.foundation.errors import InvalidInput

T = TypeVar("T")
MAX_LIMIT = 200


class Page(msgspec.Struct, Generic[T], frozen=True):
    """One page: the items in order and the cursor of the next page, or none at the end."""

    items: list[T]
    next: str | None = None


def encode_cursor(key: str) -> str:
    """The place after the item with this sort key, as an opaque text."""
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def decode_cursor(cursor: str | None) -> str | None:
    """The sort key in a cursor.

    Raises:
        InvalidInput: the text is not a cursor of ours.
    """
    if cursor is None:
        return None
    try:
        key = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        key = "\x00"
    if "\x00" in key:
        raise InvalidInput([{"where": "after", "why": "not a cursor"}])
    return key


def page_of(rows: Sequence[T], keys: Sequence[str], limit: int) -> Page[T]:
    """Cut `limit + 1` fetched rows to one page.

    Args:
        rows: at most `limit + 1` items in order.
        keys: their sort keys, same length.
        limit: wanted size, 1 to `MAX_LIMIT`.
    """
    more = len(rows) > limit
    return Page(items=list(rows[:limit]), next=encode_cursor(keys[limit - 1]) if more else None)
