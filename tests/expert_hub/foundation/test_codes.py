"""Identity number (GB 11643), unified social credit code (GB 32100, CR-01, CR-02) and mobile number."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from expert_hub.foundation.code_reasons import (
    IDENTITY_AREA,
    IDENTITY_CHARACTERS,
    IDENTITY_CHECKSUM,
    IDENTITY_DATE,
    IDENTITY_LENGTH,
    MOBILE_FORM,
    USCC_AREA,
    USCC_AUTHORITY,
    USCC_CHARACTERS,
    USCC_CHECKSUM,
    USCC_LENGTH,
    USCC_ORGANISATION,
)
from expert_hub.foundation.codes import (
    USCC_ALPHABET,
    birth_date_of,
    check_identity_number,
    check_mobile,
    check_uscc,
    identity_check_character,
    make_identity_number,
    make_uscc,
    normalise,
    organisation_check_character,
    uscc_check_character,
)

ASSIGNED = [
    "91110000600037341L",
    "9144030071526726XG",
    "914403001922038216",
    "91330100799655058B",
    "91110000802100433B",
]
SYNTHETIC = ["91000000MA00000157", "12000000000000027G", "N2000000MF000003XD", "Y1000000MJ0000042U"]
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
BORN_ON = st.dates(date(1900, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize("code", ASSIGNED)
def test_cr_01_assigned_codes_pass_without_any_finding(code: str) -> None:
    assert check_uscc(code).reasons == ()


@pytest.mark.parametrize("code", SYNTHETIC)
def test_cr_02_synthetic_codes_only_warn_about_the_unassigned_area(code: str) -> None:
    assert check_uscc(code).reasons == (USCC_AREA,)


def test_cr_01_worked_sum_of_the_first_sample() -> None:
    weights = [pow(3, position, 31) for position in range(17)]
    assert weights == [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
    total = sum(USCC_ALPHABET.index(char) * weight for char, weight in zip(ASSIGNED[0][:17], weights, strict=True))
    assert (total, total % 31, USCC_ALPHABET[20]) == (538, 11, "L")


@pytest.mark.parametrize("code", ASSIGNED + SYNTHETIC)
def test_all_540_single_replacements_fail(code: str) -> None:
    changed = [code[:at] + other + code[at + 1 :] for at in range(18) for other in USCC_ALPHABET if other != code[at]]
    assert len(changed) == 540
    assert {check_uscc(text).errors for text in changed} == {(USCC_CHECKSUM,)}


@pytest.mark.parametrize("code", ASSIGNED + SYNTHETIC)
def test_every_swap_of_two_different_neighbours_fails(code: str) -> None:
    swapped = [code[:at] + code[at + 1] + code[at] + code[at + 2 :] for at in range(17) if code[at] != code[at + 1]]
    assert {check_uscc(text).errors for text in swapped} == {(USCC_CHECKSUM,)}


@pytest.mark.parametrize("letter", "IOSVZiosvz")
def test_the_five_letters_outside_the_alphabet_fail_at_every_position(letter: str) -> None:
    for at in range(18):
        assert check_uscc(ASSIGNED[0][:at] + letter + ASSIGNED[0][at + 1 :]).errors == (USCC_CHARACTERS,)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (ASSIGNED[0][:17], USCC_LENGTH),
        (ASSIGNED[0] + "0", USCC_LENGTH),
        ("", USCC_LENGTH),
        (ASSIGNED[0].translate(FULL_WIDTH), USCC_CHARACTERS),
        ("91110000-600037341", USCC_CHARACTERS),
        ("9111000060003734１L", USCC_CHARACTERS),
    ],
)
def test_other_forms_fail(text: str, reason: object) -> None:
    assert check_uscc(text).reasons == (reason,)


@pytest.mark.parametrize("text", ["91110000600037341l", "  91110000600037341L\t", "\u300091110000600037341L\r\n"])
def test_lower_case_and_surrounding_blanks_are_normalised(text: str) -> None:
    assert check_uscc(text).text == ASSIGNED[0]
    assert check_uscc(text).is_valid


def test_a_ligature_does_not_become_two_letters() -> None:
    code = make_uscc("91440000MA5" + "FF" + "0001")
    assert check_uscc(code).is_valid
    assert normalise(code.replace("FF", "ﬀ")) == code.replace("FF", "ﬀ")
    assert not check_uscc(code.replace("FF", "ﬀ")).is_valid


def test_cr_02_unknown_authority_and_organisation_check_are_warnings() -> None:
    checked = check_uscc(make_uscc("B1440100MA5A000" + "10"))
    assert checked.is_valid
    assert checked.warnings == (USCC_AUTHORITY, USCC_ORGANISATION)


@given(st.text(alphabet=USCC_ALPHABET, min_size=17, max_size=17))
def test_the_public_library_agrees_except_for_letters_among_the_first_eight(prefix17: str) -> None:
    code = make_uscc(prefix17)
    assert check_uscc(code).is_valid
    # python-stdnum wants digits in positions 1-8; GB 32100 lets position 1 (A, N, Y) and 2 be letters.
    assert uscc.is_valid(code) == code[:8].isdigit()


@pytest.mark.parametrize("code", SYNTHETIC[2:])
def test_the_documented_difference_to_the_public_library(code: str) -> None:
    assert not uscc.is_valid(code)
    assert check_uscc(code).is_valid


def test_organisation_code_check_character() -> None:
    assert organisation_check_character("60003734") == "1"
    assert organisation_check_character("71526726") == "X"
    assert organisation_check_character("MA000001") == "5"
    assert uscc_check_character("91000000MA0000015") == "7"


def test_el_23_standard_example_passes() -> None:
    checked = check_identity_number("11010519491231002X")
    assert checked.reasons == ()
    assert birth_date_of(checked.text) == date(1949, 12, 31)


@pytest.mark.parametrize("text", ["11010519491231002x", " 11010519491231002X\n"])
def test_lower_case_x_and_blanks_are_normalised(text: str) -> None:
    assert check_identity_number(text).text == "11010519491231002X"
    assert check_identity_number(text).is_valid


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("", (IDENTITY_LENGTH,)),
        ("11010519491231002", (IDENTITY_LENGTH,)),
        ("11010519491231002XX", (IDENTITY_LENGTH,)),
        ("110105491231002", (IDENTITY_LENGTH,)),
        ("11010519491231002X".translate(FULL_WIDTH), (IDENTITY_CHARACTERS,)),
        ("1101051949123100X2", (IDENTITY_CHARACTERS,)),
        ("11010519491231002Ｘ", (IDENTITY_CHARACTERS,)),
        ("110105194912310021", (IDENTITY_CHECKSUM,)),
        ("99010519491231002" + identity_check_character("99010519491231002"), (IDENTITY_AREA,)),
        ("11010519490230002" + identity_check_character("11010519490230002"), (IDENTITY_DATE,)),
        ("11010500001231002" + identity_check_character("11010500001231002"), (IDENTITY_DATE,)),
        ("990105194913310020", (IDENTITY_DATE, IDENTITY_CHECKSUM, IDENTITY_AREA)),
    ],
)
def test_el_23_findings(text: str, reasons: tuple[object, ...]) -> None:
    assert check_identity_number(text).reasons == reasons


def test_a_birth_date_after_the_given_day_is_an_error() -> None:
    number = make_identity_number("440106", date(2000, 2, 29), 7)
    assert check_identity_number(number, on=date(2000, 2, 29)).is_valid
    assert check_identity_number(number, on=date(2000, 2, 28)).errors == (IDENTITY_DATE,)


def test_birth_date_of_a_number_without_a_date_is_refused() -> None:
    with pytest.raises(ValueError, match="no date"):
        birth_date_of("11010519490230002X")


@given(BORN_ON, st.integers(0, 999))
def test_built_identity_numbers_pass_here_and_in_the_public_library(born_on: date, serial: int) -> None:
    number = make_identity_number("440106", born_on, serial)
    assert check_identity_number(number).reasons == ()
    assert birth_date_of(number) == born_on
    assert number[-1] == ric.calc_check_digit(number)


@given(BORN_ON, st.integers(0, 17), st.integers(1, 9))
def test_any_single_wrong_digit_is_found(born_on: date, at: int, shift: int) -> None:
    number = make_identity_number("440106", born_on, 123)
    if number[at] == "X":
        return
    changed = number[:at] + str((int(number[at]) + shift) % 10) + number[at + 1 :]
    assert IDENTITY_CHECKSUM in check_identity_number(changed).errors


@pytest.mark.parametrize("text", ["13800138000", " 19912345678 "])
def test_mobile_numbers_that_pass(text: str) -> None:
    assert check_mobile(text).is_valid
    assert check_mobile(text).text == text.strip()


@pytest.mark.parametrize(
    "text", ["", "12800138000", "1380013800", "138001380000", "1380013800０", "+8613800138000", "138 0013 8000"]
)
def test_mobile_numbers_that_fail(text: str) -> None:
    assert check_mobile(text).reasons == (MOBILE_FORM,)
