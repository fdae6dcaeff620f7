"""The second part of the picture of a draw: whose chance is how large, against the bound that nobody can beat."""

from math import floor, log10

from expert_hub.draws.explaining.chance_groups import ChanceGroup
from expert_hub.draws.explaining.explanation import Explanation
from expert_hub.draws.explaining.svg import (
    BLUE,
    INNER,
    LINE,
    MARGIN,
    RED,
    SOFT,
    TRACK,
    WIDTH,
    box,
    fitted,
    group,
    number,
    stroke,
    width_of,
    write,
)
from expert_hub.draws.explaining.wording import group_label, mark, people, percent, percents, pick, shown_groups
from expert_hub.foundation.errors import Language

MOST_ROWS = 10
_STEP = 29
_BAR = 9
_WIDE_RANGE = 40


class Scale:
    """Where a chance lies between the left and the right edge.

    Args:
        chances: all that must have room; not all of them 0.
    """

    def __init__(self, chances: list[float]) -> None:
        self.most = max(chances)
        least = min(chance for chance in chances if chance > 0)
        self.is_log = least * _WIDE_RANGE < self.most
        self.least = 10.0 ** floor(log10(least)) if self.is_log else 0.0

    def at(self, chance: float) -> float:
        """The distance from the left edge."""
        if self.is_log:
            share = log10(chance / self.least) / log10(self.most / self.least) if chance > self.least else 0.0
        else:
            share = chance / self.most
        return INNER * min(1.0, share)


def chance_rows(explanation: Explanation, language: Language, top: float) -> tuple[list[str], float]:
    """Rows of classes under the line of the bound, with a scale below.

    Args:
        explanation: the draw.
        language: of the labels.
        top: where the first row begins.

    Returns:
        Elements, and where the scale ends.
    """
    groups = shown_groups(explanation, MOST_ROWS)
    bound = explanation.figures.upper_bound
    chances = [bound, *(group.high for group in groups), *(group.low for group in groups)]
    if not any(chances):
        return [], top
    scale = Scale(chances)
    first = top + 17
    rows = [_row(explanation, (place, one), scale, first + place * _STEP, language) for place, one in enumerate(groups)]
    end = first + len(groups) * _STEP
    return [*rows, *_bound(scale, bound, (top, len(groups)), language), *_axis(scale, end, language)], end + 18


def _row(explanation: Explanation, at: tuple[int, ChanceGroup], scale: Scale, y: float, language: Language) -> str:
    place, one = at
    value = f"{people(one.people, language)} · {percents(one.low, one.high)}"
    full = group_label(explanation, place, one, language)
    room = INNER - width_of(value, 12) - 8
    label = full if width_of(full, 12) <= room or not one.quotas else "".join(mark(quota) for quota in one.quotas)
    low, high = scale.at(one.low), scale.at(one.high)
    return group(
        f"{full}: {value}",
        write(MARGIN, y + 11, fitted(label, 12, room)),
        write(WIDTH - MARGIN, y + 11, value, text_anchor="end"),
        box(MARGIN, y + 15, INNER, _BAR, fill=TRACK),
        box(MARGIN, y + 15, low, _BAR, fill=BLUE),
        box(MARGIN + low, y + 15, max(0.0, high - low), _BAR, fill="url(#range)", stroke=BLUE),
    )


def _bound(scale: Scale, bound: float, at: tuple[float, int], language: Language) -> list[str]:
    """The bound crosses the bars and no letters."""
    x, (top, rows) = MARGIN + scale.at(bound), at
    text, is_right = (
        pick(language, f"最低概率的上限 {percent(bound)}", f"bound of the least chance {percent(bound)}"),
        x > WIDTH / 2,
    )
    anchor = "end" if is_right else "start"
    ticks = [top + 17 + place * _STEP for place in range(rows)]
    return [
        write(x + (-8 if is_right else 8), top + 10, text, fill=RED, text_anchor=anchor, font_weight="700"),
        f'<path d="M{number(x - 4)} {number(top + 4)}h8l-4 7z" fill="{RED}"/>',
        *(stroke(x, y + 13, x, y + 26, stroke=RED, stroke_width="2") for y in ticks),
    ]


def _axis(scale: Scale, y: float, language: Language) -> list[str]:
    middle = (
        pick(language, "对数刻度", "logarithmic scale")
        if scale.is_log
        else pick(language, "入选概率", "chance of a seat")
    )
    return [
        stroke(MARGIN, y, WIDTH - MARGIN, y, stroke=LINE),
        write(MARGIN, y + 14, percent(scale.least), fill=SOFT),
        write(WIDTH / 2, y + 14, middle, fill=SOFT, text_anchor="middle"),
        write(WIDTH - MARGIN, y + 14, percent(scale.most), fill=SOFT, text_anchor="end"),
    ]
