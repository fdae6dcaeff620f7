"""The picture of a draw on one page: from library to seats, chances against the bound, places of the seats.

SVG without script, style sheet or anything to fetch; the same explanation gives the same bytes.
"""

from collections.abc import Sequence

from expert_hub.draws.explaining.explanation import Explanation
from expert_hub.draws.explaining.picture_chances import chance_rows
from expert_hub.draws.explaining.picture_funnel import funnel_rows
from expert_hub.draws.explaining.picture_map import map_rows
from expert_hub.draws.explaining.svg import (
    FONTS,
    INK,
    INNER,
    LINE,
    MARGIN,
    PAPER,
    SOFT,
    WIDTH,
    box,
    clean,
    fitted,
    number,
    stroke,
    wrapped,
    write,
)
from expert_hub.draws.explaining.wording import LEVELS, STATES, figure_lines, named, people, percent, pick, seats
from expert_hub.foundation.errors import Language

_PATTERNS = (
    '<defs><pattern id="out" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" '
    'fill="#fffbeb"/><path d="M0 6 6 0" stroke="#fcd34d" stroke-width="1"/></pattern>'
    '<pattern id="range" width="4" height="4" patternUnits="userSpaceOnUse"><rect width="4" height="4" '
    'fill="#ffffff"/><path d="M0 0 4 4" stroke="#1d4ed8" stroke-width="1"/></pattern>'
    '<pattern id="part" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" '
    'fill="#ffffff"/><path d="M0 8 8 0" stroke="#bfdbfe" stroke-width="2"/></pattern></defs>'
)


def draw_picture(explanation: Explanation, language: Language, members: Sequence[str] = ()) -> str:
    """Draw the picture.

    Args:
        explanation: the draw.
        language: of all labels.
        members: region codes of the members, where they are public.

    Returns:
        SVG, readable from a width of 360 pixels on and on A4.
    """
    parts, y = _head(explanation, language)
    found, y = funnel_rows(explanation, language, _heading(parts, y, _titles(language)[0]))
    parts += found
    found, y = chance_rows(explanation, language, _heading(parts, y, _titles(language)[1]))
    parts += found
    y = _lines(parts, figure_lines(explanation, language), y + 16)
    if explanation.quotas:
        found, y = map_rows(explanation, members, language, _heading(parts, y - 4, _titles(language)[2]))
        parts += found
    y = _lines(parts, [_foot(explanation, language)], y + 6)
    return _page(explanation, language, parts, y)


def summary(explanation: Explanation, language: Language) -> str:
    """The picture in two sentences, for whoever cannot see it."""
    funnel, figures = explanation.funnel, explanation.figures
    return pick(
        language,
        f"专家库 {people(funnel.pool, language)}，可被抽取 {people(funnel.eligible, language)}，"
        f"{seats(funnel.seats, language)}。"
        f"入选概率 {percent(figures.min_probability)} 至 {percent(figures.max_probability)}，"
        f"理论上限 {percent(figures.upper_bound)}。",
        f"{people(funnel.pool, language)} in the library, {people(funnel.eligible, language)} eligible,"
        f" {seats(funnel.seats, language)}. Chances from {percent(figures.min_probability)} to"
        f" {percent(figures.max_probability)}; the bound is {percent(figures.upper_bound)}.",
    )


def _titles(language: Language) -> tuple[str, str, str]:
    if language == "zh":
        return "一、从专家库到席位", "二、每类专家的入选概率", "三、席位可来自的地区"
    return "1. From the library to the seats", "2. Chance of a seat, by class", "3. Where the seats may be filled from"


def _head(explanation: Explanation, language: Language) -> tuple[list[str], float]:
    told = [named(STATES, explanation.state, language)]
    if explanation.level:
        told.append(named(LEVELS, explanation.level, language))
    if explanation.draw:
        told.append(explanation.draw)
    return [
        write(MARGIN, 30, _title(language), 18, font_weight="700"),
        write(MARGIN, 49, fitted(" · ".join(told), 12, INNER), fill=SOFT),
    ], 56


def _title(language: Language) -> str:
    return pick(language, "专家抽取一览", "The draw at a glance")


def _foot(explanation: Explanation, language: Language) -> str:
    said = pick(
        language, "本图仅呈现文件所载内容，不是核验结论。", "This picture shows what the file says and is no verdict."
    )
    if explanation.state in ("lottery", "committed"):
        return said
    return f"{said} {pick(language, '核验：', 'To verify: ')}expert-hub draw verify"


def _heading(parts: list[str], y: float, text: str) -> float:
    parts.append(stroke(MARGIN, y + 6, WIDTH - MARGIN, y + 6, stroke=LINE, stroke_width="0.5"))
    parts.append(write(MARGIN, y + 24, text, 14, font_weight="700"))
    return y + 33


def _lines(parts: list[str], texts: Sequence[str], y: float) -> float:
    for text in texts:
        for piece in wrapped(text, 12, INNER):
            parts.append(write(MARGIN, y, piece, fill=SOFT))
            y += 16
    return y


def _page(explanation: Explanation, language: Language, parts: Sequence[str], height: float) -> str:
    tag = "zh-CN" if language == "zh" else "en"
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {number(height)}" xml:lang="{tag}" '
        f'role="graphics-document document" aria-labelledby="title desc" font-family="{FONTS}" fill="{INK}">\n'
        f'<title id="title">{_title(language)}</title>\n'
        f'<desc id="desc">{clean(summary(explanation, language))}</desc>\n'
        f"{_PATTERNS}\n{box(0, 0, WIDTH, height, fill=PAPER)}\n{body}\n</svg>\n"
    )
