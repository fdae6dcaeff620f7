"""Pieces of SVG: escaped text that is measured beforehand, boxes, lines. No script, no style sheet, nothing fetched."""

import unicodedata
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from expert_hub.foundation.texts import visible

WIDTH: Final = 420
MARGIN: Final = 16
INNER: Final = WIDTH - 2 * MARGIN
FONTS: Final = "'Noto Sans CJK SC','Noto Sans SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',sans-serif"

INK: Final = "#111827"
SOFT: Final = "#4b5563"
PAPER: Final = "#ffffff"
LINE: Final = "#6b7280"
BLUE: Final = "#1d4ed8"
GREEN: Final = "#15803d"
AMBER: Final = "#b45309"
RED: Final = "#b91c1c"
TRACK: Final = "#f3f4f6"

_WIDE: Final = 1.0
_NARROW: Final = 0.57
_THIN: Final = 0.32
_BROAD: Final = 0.7
_LEAST: Final = 0.25


def width_of(text: str, size: float) -> float:
    """How wide a text will be, rather too wide than too narrow: a sign of East Asia takes a square."""
    return size * sum(_share(sign) for sign in text)


def _share(sign: str) -> float:
    if unicodedata.east_asian_width(sign) in "WFA" and sign not in "·–≤":
        return _WIDE
    if sign in " .,:;'|!()[]-·ijltfr":
        return _THIN
    return _BROAD if sign.isupper() or sign in "mwMW@%+" else _NARROW


def fitted(text: str, size: float, room: float) -> str:
    """The text, or as much of its beginning as has room, with an ellipsis."""
    text = visible(text)
    if width_of(text, size) <= room:
        return text
    kept = text[: int(room / (_LEAST * size))]
    while kept and width_of(kept, size) + size > room:
        kept = kept[:-1]
    return f"{kept}…"


def wrapped(text: str, size: float, room: float) -> list[str]:
    """The text in lines that have room: broken at spaces, and between signs where a word has none."""
    lines, line = [], ""
    for word in _words(visible(text)):
        if line and width_of(line + word.rstrip(), size) > room:
            lines.append(line.rstrip())
            line = word.lstrip()
        else:
            line += word
    return [*lines, line.rstrip()] if line else lines


def _words(text: str) -> list[str]:
    """Runs that may not be broken; a closing mark stays with the sign before it."""
    words: list[str] = []
    for sign in text:
        is_wide = unicodedata.east_asian_width(sign) in "WF"
        if words and (sign in "，。；：、）》%" or not (is_wide or words[-1][-1] == " " or _is_wide(words[-1][-1]))):
            words[-1] += sign
        else:
            words.append(sign)
    return words


def _is_wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in "WF"


def number(value: float) -> str:
    """A coordinate with one decimal at most, the same on every machine."""
    text = f"{value:.1f}"
    return text.removesuffix(".0")


def write(x: float, y: float, content: str, size: float = 12, **more: str) -> str:
    """A line of text whose base line begins at (x, y); `more` are attributes, with `_` for `-`."""
    return (
        f'<text x="{number(x)}" y="{number(y)}" font-size="{number(size)}"{_attributes(more)}>{clean(content)}</text>'
    )


def box(x: float, y: float, width: float, height: float, **more: str) -> str:
    """A rectangle."""
    place = f'x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"'
    return f"<rect {place}{_attributes(more)}/>"


def stroke(x1: float, y1: float, x2: float, y2: float, **more: str) -> str:
    """A straight line."""
    place = f'x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}"'
    return f"<line {place}{_attributes(more)}/>"


def dot(x: float, y: float, radius: float, **more: str) -> str:
    """A filled circle."""
    return f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"{_attributes(more)}/>'


def group(title: str, *parts: str) -> str:
    """Parts that belong together under a title, which screen readers say and browsers show on hovering."""
    return f"<g><title>{clean(title)}</title>{''.join(parts)}</g>"


def clean(text: str) -> str:
    """The text as content of an element: what is no sign of XML or deceives is replaced."""
    return escape(visible(text))


def _attributes(more: dict[str, str]) -> str:
    return "".join(f" {name.replace('_', '-')}={quoteattr(visible(value))}" for name, value in more.items())
