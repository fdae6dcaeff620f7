"""Which places are shown, and how many seats their people may take."""

from dataclasses import replace

import pytest

from expert_hub.draws.explaining.explanation import Explanation
from expert_hub.draws.explaining.map_tiles import Cover, Tile, cover_of, tile_at, tiles_of
from expert_hub.foundation.areas import GUANGDONG_CITIES, PROVINCES
from tests.expert_hub.draws.pictured import CITIES, quota


def asking(*regions: tuple[tuple[str, ...], ...]) -> Explanation:
    quotas = tuple(quota(place, "A", 1 + place, 9, *sets) for place, sets in enumerate(regions))
    return replace(CITIES, quotas=quotas, places=None)


def codes(explanation: Explanation, *members: str) -> set[str]:
    return {tile.code for tile in tiles_of(explanation, members)[0]}


def test_guangdong_is_shown_by_its_cities_each_once() -> None:
    tiles, columns = tiles_of(asking((("4401",),)), [])
    shown = {GUANGDONG_CITIES[tile.code.ljust(6, "0")] for tile in tiles}
    assert shown == set(GUANGDONG_CITIES.values())
    assert len({(tile.column, tile.row) for tile in tiles}) == len(tiles) == 22
    assert max(tile.column for tile in tiles) < columns


@pytest.mark.parametrize("explanation", [asking(()), asking((("44",),), (("43",),)), asking((("43",),)), asking()])
def test_otherwise_all_provinces_are_shown_each_once(explanation: Explanation) -> None:
    tiles, columns = tiles_of(explanation, [])
    assert {tile.code for tile in tiles} == set(PROVINCES) - {"10"}
    assert len({(tile.column, tile.row) for tile in tiles}) == len(tiles)
    assert max(tile.column for tile in tiles) < columns


def test_cities_of_another_province_are_those_that_are_named() -> None:
    assert codes(asking((("4301", "430281"),), (("43",),))) == {"4301", "4302"}
    assert codes(asking((("4301",),)), "430300") == {"4301", "4303"}


def test_a_member_from_elsewhere_widens_the_map() -> None:
    assert codes(asking((("4401",),)), "310000") == set(PROVINCES) - {"10"}


def test_seats_count_where_every_region_set_is_met() -> None:
    explanation = asking((("44",), ("4401", "4403")), (("4403", "440106"),))
    tiles, _ = tiles_of(explanation, [])
    covers = {tile.code: cover_of(tile, tiles, explanation.quotas) for tile in tiles}
    assert covers["4403"] == Cover(3, is_part=False)
    assert covers["4401"] == Cover(3, is_part=True)
    assert covers["4402"] == Cover(0, is_part=False)


def test_a_place_with_a_tile_of_its_own_is_no_part_of_another() -> None:
    explanation = asking((("440606",),))
    tiles, _ = tiles_of(explanation, [])
    covers = {tile.code: cover_of(tile, tiles, explanation.quotas) for tile in tiles}
    assert (covers["440606"].seats, covers["4406"].seats) == (1, 0)
    assert cover_of(Tile("4499", 0, 0), tiles, asking(()).quotas) == Cover(1, is_part=False)


def test_somebody_lives_on_the_closest_tile() -> None:
    tiles, _ = tiles_of(asking((("44",),)), [])
    assert [tile.code if (tile := tile_at(tiles, code)) else None for code in ("440606", "440605", "44", "310000")] == [
        "440606",
        "4406",
        None,
        None,
    ]
