"""The third part of the picture of a draw: from which places how many seats may be filled, and who came from where."""

from collections import Counter
from collections.abc import Sequence

from expert_hub.draws.explaining.explanation import Explanation
from expert_hub.draws.explaining.map_tiles import Cover, Tile, cover_of, tile_at, tiles_of
from expert_hub.draws.explaining.svg import (
    BLUE,
    INK,
    INNER,
    LINE,
    MARGIN,
    RED,
    SOFT,
    box,
    dot,
    fitted,
    group,
    number,
    width_of,
    wrapped,
    write,
)
from expert_hub.draws.explaining.wording import people, pick, seats
from expert_hub.foundation.areas import area_name, english_area_name
from expert_hub.foundation.errors import Language

_TALL = 37
_GAP = 3
_TINTS = ("#ffffff", "#dbeafe", "#bfdbfe", "#93c5fd")
_MOST_LIMITS = 4
_SQUEEZE = 1.4
_SUFFIXES = ("特别行政区", "维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "省", "市", "区")


def map_rows(
    explanation: Explanation, members: Sequence[str], language: Language, top: float
) -> tuple[list[str], float]:
    """The map and what is said below it.

    Args:
        explanation: with places.
        members: region codes of known members; empty while they are secret.
        language: of the labels.
        top: where the map begins.

    Returns:
        Elements, and where the last line ends.
    """
    tiles, columns = tiles_of(explanation, members)
    homes = Counter(tile_at(tiles, code) for code in members)
    wide = INNER / columns
    parts = [
        _tile(explanation, tile, (cover_of(tile, tiles, explanation.quotas), homes[tile]), (wide, top), language)
        for tile in tiles
    ]
    y = top + (max(tile.row for tile in tiles) + 1) * _TALL + 12
    for line in _captions(explanation, len(members), homes[None], language):
        for piece in wrapped(line, 12, INNER):
            parts.append(write(MARGIN, y, piece, fill=SOFT))
            y += 16
    return parts, y


def place_name(code: str, language: Language) -> str:
    """The short name of a place, with the digits that the name does not tell; of an unknown place its code."""
    name_of = area_name if language == "zh" else english_area_name
    name = name_of(code)
    if name is None:
        return code
    told = next(length for length in (2, 4, 6) if name_of(code[:length]) == name)
    rest = code[told:] if code[told:].strip("0") else ""
    return f"{_short(name)} {rest}".rstrip()


def _short(name: str) -> str:
    ends = (end for end in _SUFFIXES if name.endswith(end) and len(name) > len(end) + 1)
    return name.removesuffix(next(ends, ""))


def _tile(
    explanation: Explanation, tile: Tile, filled: tuple[Cover, int], frame: tuple[float, float], language: Language
) -> str:
    (cover, homes), (wide, top) = filled, frame
    x, y = MARGIN + tile.column * wide, top + tile.row * _TALL
    width, height = wide - _GAP, _TALL - _GAP
    name, venue = place_name(tile.code, language), explanation.places.venue_city if explanation.places else ""
    is_venue = bool(venue) and tile_at([tile], venue) is not None
    total = max(1, sum(quota.count for quota in explanation.quotas))
    level = min(3, -(-3 * cover.seats // total))
    outline = {"stroke": INK, "stroke_width": "2"} if is_venue else {"stroke": BLUE if cover.seats else LINE}
    if not cover.seats:
        outline["stroke_dasharray"] = "2 2"
    said = _said(name, cover, homes, is_venue=is_venue, language=language)
    return group(
        said,
        box(x, y, width, height, rx="3", fill="url(#part)" if cover.is_part else _TINTS[level], **outline),
        _name(name, x, y, width),
        write(x + 4, y + 29, f"{'≤' if cover.is_part else ''}{cover.seats}" if cover.seats else "–", 12),
        *_dots(x + width, y + 25, homes),
    )


def _name(name: str, x: float, y: float, width: float) -> str:
    """A name that is a little too long is set narrower; one that is far too long is cut."""
    room = width - 6
    if width_of(name, 12) <= room:
        return write(x + 3, y + 14, name)
    size = 11 if width_of(name, 11) <= _SQUEEZE * room else 10
    short = fitted(name, size, _SQUEEZE * room)
    squeezed = {"textLength": number(room), "lengthAdjust": "spacingAndGlyphs"}
    return write(x + 3, y + 14, short, size, **(squeezed if width_of(short, size) > room else {}))


def _dots(right: float, y: float, homes: int) -> list[str]:
    if homes > 2:
        said = write(right - 3, y + 4, str(homes), 11, fill=RED, font_weight="700", text_anchor="end")
        return [dot(right - 7 - width_of(str(homes), 11), y, 3, fill=RED), said]
    return [dot(right - 7 - 9 * place, y, 3.5, fill=RED) for place in range(homes)]


def _said(name: str, cover: Cover, homes: int, *, is_venue: bool, language: Language) -> str:
    parts = [f"{name}: {seats(cover.seats, language)}"]
    if cover.is_part:
        parts.append(pick(language, "仅部分区域", "parts of it only"))
    if homes:
        parts.append(pick(language, f"成员 {homes} 人", f"{homes} of the members"))
    if is_venue:
        parts.append(pick(language, "主场所在地", "host venue"))
    return pick(language, "；", "; ").join(parts)


def _captions(explanation: Explanation, known: int, elsewhere: int, language: Language) -> list[str]:
    total = seats(sum(quota.count for quota in explanation.quotas), language)
    lines = [
        pick(
            language,
            f"方格按大致方位排列，不表示边界。数字：该地专家按地区条件可担任的席位（共 {total}）；斜纹和≤：部分区域；"
            "虚线：不可；粗框：主场。",
            f"Tiles lie roughly where the places do; they are no borders. Number: seats that experts of the place may"
            f" take by region (of {total}); hatched, ≤: parts of it only; dashed: none; thick frame: host venue.",
        )
    ]
    for prefixes, low, high in (explanation.places.limits if explanation.places else ())[:_MOST_LIMITS]:
        names = pick(language, "、", ", ").join(place_name(prefix, language) for prefix in prefixes[:4])
        names += "…" if len(prefixes) > 4 else ""
        lines.append(pick(language, f"地区条件：{names} {low}–{high} 席", f"Limit: {names} {low} to {high} seats"))
    if known:
        more = pick(language, f"，另 {people(elsewhere, language)}在图外", f", {elsewhere} of them elsewhere")
        lines.append(
            pick(language, f"●：成员所在地（{known} 人", f"●: where members come from ({known}")
            + (more if elsewhere else "")
            + pick(language, "）", ")")
        )
    elif explanation.places is not None:
        lines.append(
            pick(language, "成员所在地未列入抽取记录。", "The transcript does not say where members come from.")
        )
    return lines
