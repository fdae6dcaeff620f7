import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.organisations import employer_units, normal_code, normal_employer, normal_name


@pytest.mark.parametrize(
    "written",
    ["广东（广州）ＡＢ公司", "广东(广州)AB公司", " 广东 【广州】 ab公司", "广东广州Ab公司", "广东·（广州）AB公司"],
)
def test_cf_04_ways_to_write_one_name_are_one_name(written: str) -> None:
    assert normal_name(written) == "广东广州ab公司"


@given(st.text())
def test_normalising_twice_changes_nothing_more(name: str) -> None:
    assert normal_name(normal_name(name)) == normal_name(name)


def test_code_is_compared_in_upper_case_half_width() -> None:
    assert (
        normal_code(" 91110000600037341l")
        == normal_code("９１１１００００６０００３７３４１Ｌ")
        == "91110000600037341L"
    )


@pytest.mark.parametrize("name", ["退休", " 无 ", "（自由职业）", "N/A", ""])
def test_words_for_having_no_employer_are_no_employer(name: str) -> None:
    assert normal_employer(name) == ""


def test_c14_equal_codes_or_equal_names_without_a_code_are_one_employer() -> None:
    units = employer_units([("X", "甲"), ("X", "乙"), ("", "丙"), ("", "丙"), ("", ""), ("", "")])
    assert units[0] == units[1]
    assert units[2] == units[3] not in (units[0], "")
    assert units[4] == units[5] == ""


def test_c14_one_without_a_code_belongs_to_every_code_of_that_name() -> None:
    units = employer_units([("X", "甲"), ("Y", "甲"), ("Z", "乙"), ("", "甲")])
    assert units[0] == units[1] == units[3] != units[2]


def test_equal_names_with_different_codes_are_two_employers() -> None:
    assert len(set(employer_units([("X", "甲"), ("Y", "甲")]))) == 2


@given(st.lists(st.tuples(st.sampled_from(["", "X", "Y", "Z"]), st.sampled_from(["", "a", "b"])), max_size=8))
def test_keys_do_not_depend_on_the_order_of_the_candidates(rows: list[tuple[str, str]]) -> None:
    assert employer_units(rows[::-1])[::-1] == employer_units(rows)
