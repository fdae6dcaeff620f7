"""Places as tiles: the cities of Guangdong, or the provinces, each roughly where it lies; no border is drawn."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from expert_hub.draws.explaining.explanation import Explanation, QuotaShare

COLUMNS_OF_CITIES: Final = 7
COLUMNS_OF_PROVINCES: Final = 8
_GUANGDONG: Final = (
    ("", "", "4418", "4402", "4416", "4414", ""),
    ("", "4412", "4406", "4401", "4413", "4452", "4451"),
    ("4409", "4453", "440606", "4419", "4403", "4415", "4405"),
    ("4408", "4417", "4407", "4420", "4404", "", ""),
)
_PROVINCES: Final = (
    ("", "", "", "", "", "", "", "23"),
    ("", "", "", "", "", "15", "21", "22"),
    ("65", "63", "62", "64", "14", "13", "11", "12"),
    ("54", "51", "50", "61", "41", "37", "32", "31"),
    ("", "53", "52", "43", "42", "34", "33", ""),
    ("", "", "45", "44", "36", "35", "71", ""),
    ("", "", "46", "82", "81", "", "", ""),
)


class Tile(NamedTuple):
    """A place on the map: a prefix of GB/T 2260 codes."""

    code: str
    column: int
    row: int


class Cover(NamedTuple):
    """Seats that people of a place may take, and whether that holds for parts of the place only."""

    seats: int
    is_part: bool


def tiles_of(explanation: Explanation, members: Sequence[str]) -> tuple[tuple[Tile, ...], int]:
    """The places that tell most about where members may come from.

    Args:
        explanation: with places.
        members: region codes of known members.

    Returns:
        The cities of Guangdong where all of it happens there; the places that are named, where all are in one other
        province; else the provinces. And the number of columns.
    """
    named = {prefix for quota in explanation.quotas for prefixes in quota.region_sets for prefix in prefixes}
    named |= {
        prefix for prefixes, _, _ in (explanation.places.limits if explanation.places else ()) for prefix in prefixes
    }
    named |= set(members)
    is_bound = all(quota.region_sets for quota in explanation.quotas)
    provinces = {prefix[:2] for prefix in named}
    if is_bound and provinces == {"44"}:
        return _grid(_GUANGDONG), COLUMNS_OF_CITIES
    if is_bound and len(provinces) == 1 and any(len(prefix) > 2 for prefix in named):
        cities = sorted({prefix[:4] for prefix in named if len(prefix) > 2})
        places = enumerate(cities[: 6 * COLUMNS_OF_CITIES])
        return tuple(
            Tile(code, at % COLUMNS_OF_CITIES, at // COLUMNS_OF_CITIES) for at, code in places
        ), COLUMNS_OF_CITIES
    return _grid(_PROVINCES), COLUMNS_OF_PROVINCES


def cover_of(tile: Tile, tiles: Sequence[Tile], quotas: Iterable[QuotaShare]) -> Cover:
    """The seats that people of a place may take by their region; specialities are not looked at."""
    own = {other.code for other in tiles if other != tile}
    seats, is_part = 0, False
    for quota in quotas:
        fits = [_fit(tile.code, prefixes, own) for prefixes in quota.region_sets]
        if all(fits):
            seats += quota.count
            is_part |= "part" in fits
    return Cover(seats, is_part)


def tile_at(tiles: Sequence[Tile], region_code: str) -> Tile | None:
    """The tile on which somebody lives: the closest one whose code begins the region's, if any."""
    found = [tile for tile in tiles if region_code.startswith(tile.code)]
    return max(found, key=lambda tile: len(tile.code), default=None)


def _fit(code: str, prefixes: Sequence[str], own: set[str]) -> str:
    if any(code.startswith(prefix) for prefix in prefixes):
        return "whole"
    return "part" if any(prefix.startswith(code) and prefix not in own for prefix in prefixes) else ""


def _grid(rows: Sequence[Sequence[str]]) -> tuple[Tile, ...]:
    return tuple(Tile(code, column, row) for row, codes in enumerate(rows) for column, code in enumerate(codes) if code)
