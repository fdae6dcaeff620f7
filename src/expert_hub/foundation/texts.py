"""Kinds of text that may come from outside: bounded, and without signs that not every database keeps.

PostgreSQL refuses a NUL and what is longer than its column, SQLite takes both; refused at the door, they are the same
clear fault on either.
"""

import re
from typing import Annotated, Final

from msgspec import Meta

# The end is written as a look-ahead because `$` also stands before a last line feed.
_PLAIN = r"^[^\x00-\x1f\x7f]*(?![\s\S])"
NOT_BLANK = r"^[^\x00-\x20\x7f][^\x00-\x1f\x7f]*(?![\s\S])"

WITHOUT_NUL = r"^[^\x00]*(?![\s\S])"
"""Pattern of text of several lines."""

Line = Annotated[str, Meta(max_length=255, pattern=_PLAIN)]
"""One line, possibly empty."""

Name = Annotated[str, Meta(min_length=1, max_length=255, pattern=NOT_BLANK)]
"""One line that says something; it does not begin with a blank."""

Identifier = Annotated[str, Meta(min_length=1, max_length=64, pattern=NOT_BLANK)]
"""A code or name by which something is found again."""

Title = Annotated[str, Meta(min_length=1, max_length=500, pattern=NOT_BLANK)]
"""What a check or a criterion asks."""

ShortLine = Annotated[str, Meta(max_length=32, pattern=_PLAIN)]
"""A word or number, possibly empty."""

Digest = Annotated[str, Meta(max_length=64, pattern=_PLAIN)]
"""Room for a SHA-256 digest in hexadecimal; whether it is one is said by its reader."""

CONTROL_SIGNS = "holds a control sign, begins with a blank, or does not have the form it needs"
"""What to say about a text that does not match its pattern."""

_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufffe\uffff]"
)


def visible(text: str) -> str:
    """The text with every sign replaced that shows as nothing, turns the direction of a line or steers a terminal.

    A name must not be able to look like another. Tabs and line feeds stay.
    """
    return _INVISIBLE.sub("\ufffd", text)
