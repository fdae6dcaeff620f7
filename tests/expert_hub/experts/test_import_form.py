from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expert_hub.experts.columns import Column
from expert_hub.experts.import_form import LibraryRow, RowFault, RowRules, cells_of, read_row
from expert_hub.experts.rules import Leave, Relation, SpecialityLimits, Standing, TitleLevel
from expert_hub.foundation.codes import make_identity_number, make_uscc, organisation_check_character

IDENTITY = make_identity_number("440106", date(1970, 5, 6), 123)
OTHER = make_identity_number("110101", date(1980, 1, 2), 456)
USCC = make_uscc("91440101MA590000" + organisation_check_character("MA590000"))
RULES = RowRules(frozenset({"A", "A01", "A0101", "A0102", "A02", "A03", "B01"}), SpecialityLimits(), date(2026, 3, 2))
GOOD = {
    Column.LIBRARY_NO: "GC-1",
    Column.NAME: "王伟",
    Column.IDENTITY_NUMBER: IDENTITY,
    Column.MOBILE: "13812345678",
    Column.TITLE: "高级工程师",
    Column.TITLE_LEVEL: "高级",
    Column.EMPLOYER: "甲公司",
    Column.EMPLOYER_CODE: USCC,
    Column.REGION_CODE: "440100",
    Column.EXTRA_REGIONS: "440300；440600",
    Column.SPECIALITIES: "A0102;A0101；b01",
    Column.STANDING: "在库",
    Column.APPOINTED_ON: "2025-01-01",
    Column.TERM_ENDS_ON: "2027/12/31",
    Column.RELATIONS: f"董事|乙公司||2020-01-01|2024-01-01；kin|李四|{OTHER}||",
    Column.LEAVE: "2026-03-01~2026-03-05",
}


def read(**changes: str) -> LibraryRow | RowFault:
    return read_row(7, GOOD | {Column(name): text for name, text in changes.items()}, RULES)


def codes(value: LibraryRow | RowFault) -> list[str]:
    assert isinstance(value, RowFault)
    return [reason.code for reason in value.reasons]


def test_a_whole_row() -> None:
    row = read()
    assert isinstance(row, LibraryRow)
    assert (row.row, row.library_no, row.identity_number, row.mobile) == (7, "GC-1", IDENTITY, "13812345678")
    profile = row.profile
    assert profile.standing is Standing.ADMITTED
    assert profile.title_level is TitleLevel.SENIOR
    assert profile.specialities == ("A0101", "A0102", "B01")
    assert profile.extra_regions == ("440300", "440600")
    assert (profile.appointed_on, profile.term_ends_on) == (date(2025, 1, 1), date(2027, 12, 31))
    assert profile.relations == (
        Relation("director", "乙公司", "", date(2020, 1, 1), date(2024, 1, 1)),
        Relation("kin", "李四", OTHER),
    )
    assert profile.leaves == (Leave(date(2026, 3, 1), date(2026, 3, 5)),)
    assert profile.mobile_masked == "138****5678"


FAULTS = [
    ("name", "", "experts/cell-empty"),
    ("name", "王" * 65, "experts/cell-too-long"),
    ("name", "王\x00伟", "experts/unprintable-characters"),
    ("name", "王\u202e伟", "experts/unprintable-characters"),
    ("name", "王\ufffd", "experts/unprintable-characters"),
    ("identity_number", "", "experts/cell-empty"),
    ("identity_number", IDENTITY[:17], "code/identity-length"),
    ("identity_number", IDENTITY[:16] + "X" + IDENTITY[17], "code/identity-characters"),
    ("identity_number", IDENTITY[:17] + ("1" if IDENTITY[17] != "1" else "2"), "code/identity-checksum"),
    ("identity_number", "4.40106E+17", "experts/digits-lost"),
    ("mobile", "020-8333", "code/mobile-form"),
    ("title_level", "初级", "experts/unknown-word"),
    ("employer", " ", "experts/cell-empty"),
    ("employer_code", USCC[:17], "code/uscc-length"),
    ("region_code", "4401", "experts/region-form"),
    ("region_code", "990000", "experts/unknown-region"),
    ("extra_regions", "440300;440400;440500;440600", "experts/too-many-regions"),
    ("specialities", "A9999", "experts/unknown-speciality"),
    ("specialities", "A01;A02;A03;B01", "experts/too-many-specialities"),
    ("standing", "也许", "experts/unknown-word"),
    ("appointed_on", "2025-02-30", "experts/date-form"),
    ("term_ends_on", "2024-12-31", "experts/dates-reversed"),
    ("relations", "熟人|甲公司", "experts/relation-kind"),
    ("relations", "董事", "experts/relation-form"),
    ("relations", "董事||", "experts/relation-party"),
    ("relations", "亲属|李四||", "experts/relation-kin"),
    ("relations", "董事|甲公司||2024-01-02|2024-01-01", "experts/dates-reversed"),
    ("relations", f"董事|甲公司|{USCC[:17]}", "code/uscc-length"),
    ("leave", "2026-03-01", "experts/leave-form"),
    ("leave", "2026-03-05~2026-03-01", "experts/dates-reversed"),
]


@pytest.mark.parametrize(("column", "text", "code"), FAULTS)
def test_each_fault_is_named_with_its_column_in_both_languages(column: str, text: str, code: str) -> None:
    value = read(**{column: text})
    assert codes(value) == [code]
    assert isinstance(value, RowFault)
    assert value.row == 7
    assert value.reasons[0].field == column
    assert value.reasons[0].zh
    assert value.reasons[0].en


def test_all_faults_of_a_row_are_found_at_once() -> None:
    value = read(mobile="1", standing="x", region_code="1", leave="?")
    assert codes(value) == ["code/mobile-form", "experts/region-form", "experts/unknown-word", "experts/leave-form"]


def test_a_report_never_repeats_a_number_of_a_person() -> None:
    value = read(region_code=IDENTITY, standing="13812345678", relations=IDENTITY, leave=IDENTITY)
    assert isinstance(value, RowFault)
    shown = " ".join(reason.zh + reason.en for reason in value.reasons)
    assert IDENTITY[:12] not in shown
    assert "1381234" not in shown


def test_what_looks_like_a_formula_stays_a_text() -> None:
    row = read(title='=HYPERLINK("http://x","y")', employer="@SUM(A1)")
    assert isinstance(row, LibraryRow)
    assert (row.profile.title, row.profile.employer_name) == ('=HYPERLINK("http://x","y")', "@SUM(A1)")


@pytest.mark.parametrize("text", [f'="{IDENTITY}"', f"'{IDENTITY}", f"{IDENTITY}\t", IDENTITY.lower()])
def test_digits_that_were_forced_to_text_are_read(text: str) -> None:
    row = read(identity_number=text)
    assert isinstance(row, LibraryRow)
    assert row.identity_number == IDENTITY


def test_an_unknown_area_is_a_warning() -> None:
    """EL-23."""
    row = read(identity_number=make_identity_number("990101", date(1970, 1, 1), 1))
    assert isinstance(row, LibraryRow)
    assert [reason.code for reason in row.warnings] == ["code/identity-area"]


def test_cells_left_out_at_the_end_are_empty() -> None:
    assert cells_of({Column.NAME: 0, Column.LEAVE: 2}, ["王", "x"]) == {Column.NAME: "王", Column.LEAVE: ""}


@given(st.dictionaries(st.sampled_from(Column), st.text(max_size=80)))
def test_no_text_whatever_breaks_the_reader(cells: dict[Column, str]) -> None:
    assert isinstance(read_row(2, GOOD | cells, RULES), LibraryRow | RowFault)
