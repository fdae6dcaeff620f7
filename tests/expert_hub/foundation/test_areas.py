"""The area table covers the provinces and Guangdong's cities."""

import pytest

from expert_hub.foundation.areas import GUANGDONG_CITIES, PROVINCES, area_name, english_area_name, is_known_area


def test_guangdong_has_21_prefecture_cities_and_shunde() -> None:
    assert len(GUANGDONG_CITIES) == 22
    assert sum(code.endswith("00") for code in GUANGDONG_CITIES) == 21
    assert GUANGDONG_CITIES["440606"] == "顺德区"


def test_34_province_level_areas_and_the_nation() -> None:
    assert len(PROVINCES) == 35


@pytest.mark.parametrize("code", ["440100", "440106", "440000", "440606", "110000", "100000", "650102"])
def test_known_areas(code: str) -> None:
    assert is_known_area(code)


@pytest.mark.parametrize("code", ["000000", "990101", "441100", "441000", "449900", "160000", "", "MA0000"])
def test_unknown_areas(code: str) -> None:
    assert not is_known_area(code)


@pytest.mark.parametrize(
    ("code", "name"),
    [("440606", "顺德区"), ("440604", "佛山市"), ("440000", "广东省"), ("110105", "北京市"), ("000000", None)],
)
def test_the_nearest_name(code: str, name: str | None) -> None:
    assert area_name(code) == name


def test_every_place_has_an_english_name_of_its_own() -> None:
    codes = [*PROVINCES, *GUANGDONG_CITIES]
    names = [english_area_name(code) for code in codes]
    assert None not in names
    assert len(set(names)) == len(codes)
    assert english_area_name("440106") == "Guangzhou"
    assert english_area_name("430102") == "Hunan"
    assert english_area_name("990000") is None
