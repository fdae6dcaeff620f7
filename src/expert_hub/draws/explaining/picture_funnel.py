"""The first part of the picture of a draw: from the library to the seats, and why people were left out."""

from typing import NamedTuple

from expert_hub.draws.explaining.explanation import Explanation, Funnel
from expert_hub.draws.explaining.ground_names import ground_name
from expert_hub.draws.explaining.svg import (
    AMBER,
    BLUE,
    GREEN,
    MARGIN,
    WIDTH,
    box,
    fitted,
    group,
    stroke,
    width_of,
    write,
)
from expert_hub.draws.explaining.wording import hidden, people, pick, quota_label, seats
from expert_hub.foundation.errors import Language

MOST_GROUNDS = 7
MOST_QUOTAS = 6
_ROW = 18
_STEP = 20
_LEAST = 3
_EDGE = 3


class _Row(NamedTuple):
    label: str
    value: str
    size: int
    kind: str


_PAINT = {
    "library": ("#dbeafe", BLUE, ""),
    "out": ("url(#out)", AMBER, "4 2"),
    "in": ("#dcfce7", GREEN, ""),
    "quota": ("#f0fdf4", GREEN, "1 2"),
    "seats": ("#86efac", GREEN, ""),
}
_INDENTED = ("out", "quota")


def funnel_rows(explanation: Explanation, language: Language, top: float) -> tuple[list[str], float]:
    """The rows of the funnel.

    Args:
        explanation: the draw.
        language: of the labels.
        top: where the first row begins.

    Returns:
        Elements, and where the last row ends.
    """
    rows = _rows(explanation, language)
    most = max(1, explanation.funnel.pool)
    parts = [_bar(row, top + place * _STEP, row.size / most) for place, row in enumerate(rows)]
    return parts, top + len(rows) * _STEP


def _rows(explanation: Explanation, language: Language) -> list[_Row]:
    funnel = explanation.funnel
    rows = [_Row(pick(language, "专家库", "library"), people(funnel.pool, language), funnel.pool, "library")]
    if explanation.state != "lottery":
        rows += _out_rows(funnel, language)
        rows.append(
            _Row(pick(language, "可被抽取", "eligible"), people(funnel.eligible, language), funnel.eligible, "in")
        )
    if funnel.never:
        label = pick(language, "不在任何可行组合中", "in no feasible panel")
        rows.append(_Row(label, people(funnel.never, language), funnel.never, "out"))
    rows += _quota_rows(explanation, language)
    rows.append(_Row(pick(language, "席位", "seats"), seats(funnel.seats, language), funnel.seats, "seats"))
    return rows


def _out_rows(funnel: Funnel, language: Language) -> list[_Row]:
    grounds = sorted(funnel.grounds, key=lambda item: (-item[1], item[0]))
    shown, rest = grounds[:MOST_GROUNDS], grounds[MOST_GROUNDS:]
    rows = [
        _Row(f"{code} {ground_name(code, language)}", people(count, language), count, "out") for code, count in shown
    ]
    out = funnel.pool - funnel.eligible
    if out or rows:
        label = pick(language, "排除（一人可有多个事由）", "left out (grounds may overlap)")
        rows.insert(0, _Row(label, people(out, language), out, "out"))
        rows.append(_rest_row(funnel, sum(count for _, count in rest), language))
    return rows


def _rest_row(funnel: Funnel, more: int, language: Language) -> _Row:
    label = pick(language, "其余事由合计", "all other grounds together")
    if funnel.merged is not None:
        return _Row(label, people(more + funnel.merged, language), more + funnel.merged, "out")
    least = hidden(funnel.hidden_below, language)
    value = pick(language, f"{least}或无", f"{least} or none")
    return _Row(label, f"{more:,} + {value}" if more else value, more, "out")


def _quota_rows(explanation: Explanation, language: Language) -> list[_Row]:
    rows = []
    for place, quota in enumerate(explanation.quotas[:MOST_QUOTAS]):
        shown = hidden(explanation.funnel.hidden_below, language)
        value = shown if quota.eligible is None else people(quota.eligible, language)
        rows.append(_Row(quota_label(place, quota, language), value, quota.eligible or 0, "quota"))
    more = len(explanation.quotas) - MOST_QUOTAS
    if more > 0:
        count = sum(quota.count for quota in explanation.quotas[MOST_QUOTAS:])
        rows.append(_Row(pick(language, f"另 {more} 组", f"{more} more quotas"), seats(count, language), 0, "quota"))
    return rows


def _bar(row: _Row, y: float, share: float) -> str:
    left = MARGIN + (14 if row.kind in _INDENTED else 0)
    room = WIDTH - MARGIN - left
    length = max(_LEAST, min(1.0, share) * room)
    fill, line, dashes = _PAINT[row.kind]
    label = fitted(row.label, 12, room - width_of(row.value, 12) - 20)
    weight = "400" if row.kind in _INDENTED else "700"
    return group(
        f"{row.label}: {row.value}",
        box(left, y, length, _ROW, fill=fill),
        box(left, y, _EDGE, _ROW, fill=line),
        stroke(
            left, y + _ROW, left + length, y + _ROW, stroke=line, stroke_width="1.5", stroke_dasharray=dashes or "none"
        ),
        write(left + 8, y + 13, label, font_weight=weight),
        write(WIDTH - MARGIN - 6, y + 13, row.value, text_anchor="end", font_weight=weight),
    )
