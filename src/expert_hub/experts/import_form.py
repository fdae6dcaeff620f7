"""One row of a library file: texts in, a frozen value or every reason why not.

Nothing in a cell is ever evaluated: a text that looks like a formula stays a text.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import TypeVar

import msgspec

from expert_hub.experts.columns import CHINESE_NAMES, Column
from expert_hub.experts.import_lists import read_date, read_leaves, read_relations, split_codes
from expert_hub.experts.import_reasons import Findings
from expert_hub.experts.merging import Profile
from expert_hub.experts.rules import Reason, SpecialityLimits, mask_mobile, speciality_reasons
from expert_hub.experts.vocabulary import STANDINGS, TITLE_LEVELS
from expert_hub.foundation.areas import is_known_area
from expert_hub.foundation.codes import check_identity_number, check_mobile, check_uscc

T = TypeVar("T")
_checked_uscc = lru_cache(maxsize=16_384)(check_uscc)  # colleagues share an employer

_LONGEST: Mapping[Column, int] = {
    Column.LIBRARY_NO: 64,
    Column.NAME: 64,
    Column.TITLE: 64,
    Column.EMPLOYER: 200,
    Column.SPECIALITIES: 1_000,
    Column.EXTRA_REGIONS: 200,
    Column.RELATIONS: 8_000,
    Column.LEAVE: 2_000,
}
_USUAL_LENGTH = 100
_SHORT = 64  # no column is narrower, and letters and digits hide nothing
_BLANKS = " \t\r\n\u3000\xa0\ufeff"
_CODE_COLUMNS = (Column.LIBRARY_NO, Column.IDENTITY_NUMBER, Column.MOBILE, Column.EMPLOYER_CODE, Column.REGION_CODE)
_NEEDED = (
    Column.NAME,
    Column.IDENTITY_NUMBER,
    Column.MOBILE,
    Column.TITLE_LEVEL,
    Column.EMPLOYER,
    Column.REGION_CODE,
    Column.SPECIALITIES,
    Column.STANDING,
)
_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffd\ud800-\udfff]"
)
# Excel shows long numbers so once they have lost their last digits.
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?E\+?[0-9]{1,2}", re.IGNORECASE)
_FORCED_TEXT = re.compile(r'="(.*)"', re.DOTALL)


class LibraryRow(msgspec.Struct, frozen=True):
    """What one row says; `identity_number`, `mobile` and the other person of a `kin` relation are in clear here."""

    row: int
    library_no: str | None
    identity_number: str
    mobile: str
    profile: Profile
    warnings: tuple[Reason, ...] = ()


class RowFault(msgspec.Struct, frozen=True):
    """A row with something wrong: its number as a spreadsheet shows it, the name if it has one, every reason."""

    row: int
    name: str | None
    reasons: tuple[Reason, ...]


class RowRules(msgspec.Struct, frozen=True):
    """What a row is checked against: listed specialities, limits, and the day of the import."""

    specialities: Collection[str]
    limits: SpecialityLimits
    on: date


def read_row(row: int, cells: Mapping[Column, str], rules: RowRules) -> LibraryRow | RowFault:
    """Read one row.

    Args:
        row: its number in the file, the header being 1.
        cells: text by column; an absent column counts as empty.
        rules: what to check against.

    Returns:
        The value, or all faults of the row and not only the first.

    Source: domain EL-07, EL-09, EL-13, EL-17, EL-23.
    """
    found = Findings()
    texts = _clean(cells, found)
    if not found.errors:
        value = _read_values(row, texts, rules, found)
        if value is not None:
            return value
    name = texts.get(Column.NAME, "")[:20]
    return RowFault(row, _UNPRINTABLE.sub("", name) or None, tuple(found.errors))


def _clean(cells: Mapping[Column, str], found: Findings) -> dict[Column, str]:
    texts = {}
    for column, cell in cells.items():
        text = cell.strip(_BLANKS)
        texts[column] = text
        if not text or (text.isalnum() and len(text) <= _SHORT):
            continue
        if ("\ufffd" in text or not text.isprintable()) and _UNPRINTABLE.search(text):
            found.add("experts/unprintable-characters", column)
        if column in _CODE_COLUMNS:
            texts[column] = text = _unforced(text)
        if len(text) > _LONGEST.get(column, _USUAL_LENGTH):
            found.add("experts/cell-too-long", column, most=_LONGEST.get(column, _USUAL_LENGTH))
    return texts


def _unforced(text: str) -> str:
    """Without the marks by which spreadsheets keep digits as text: a leading apostrophe or `="..."`."""
    forced = _FORCED_TEXT.fullmatch(text)
    return (forced[1] if forced else text).lstrip("'").strip()


def _read_values(row: int, texts: dict[Column, str], rules: RowRules, found: Findings) -> LibraryRow | None:
    for column in _NEEDED:
        if not texts.get(column):
            found.add("experts/cell-empty", column, name=CHINESE_NAMES[column])
    identity_number = _identity_number(texts.get(Column.IDENTITY_NUMBER, ""), rules.on, found)
    mobile = _mobile(texts.get(Column.MOBILE, ""), found)
    region, extra_regions = _regions(texts, rules.limits, found)
    specialities = split_codes(texts.get(Column.SPECIALITIES, "").upper())
    found.errors.extend(speciality_reasons(specialities, rules.specialities, rules.limits))
    standing = _word(texts, Column.STANDING, STANDINGS, found)
    title_level = _word(texts, Column.TITLE_LEVEL, TITLE_LEVELS, found)
    appointed_on, term_ends_on = _term(texts, found)
    employer_code = _employer_code(texts.get(Column.EMPLOYER_CODE, ""), found)
    relations = read_relations(texts.get(Column.RELATIONS, ""), found)
    leaves = read_leaves(texts.get(Column.LEAVE, ""), found)
    if found.errors or standing is None or title_level is None:
        return None
    profile = Profile(
        name=texts[Column.NAME],
        mobile_masked=mask_mobile(mobile),
        title=texts.get(Column.TITLE, ""),
        title_level=title_level,
        employer_name=texts[Column.EMPLOYER],
        employer_code=employer_code,
        region_code=region,
        extra_regions=extra_regions,
        specialities=specialities,
        standing=standing,
        appointed_on=appointed_on,
        term_ends_on=term_ends_on,
        relations=relations,
        leaves=leaves,
    )
    number = texts.get(Column.LIBRARY_NO) or None
    return LibraryRow(row, number, identity_number, mobile, profile, tuple(found.warnings))


def _identity_number(text: str, on: date, found: Findings) -> str:
    if not text:
        return ""
    if _SCIENTIFIC.fullmatch(text):
        found.add("experts/digits-lost", Column.IDENTITY_NUMBER)
        return ""
    check = check_identity_number(text, on)
    found.take(check, Column.IDENTITY_NUMBER)
    return check.text


def _mobile(text: str, found: Findings) -> str:
    if not text:
        return ""
    check = check_mobile(text)
    found.take(check, Column.MOBILE)
    return check.text


def _employer_code(text: str, found: Findings) -> str:
    if not text:
        return ""
    check = _checked_uscc(text)
    found.take(check, Column.EMPLOYER_CODE)
    return check.text


def _regions(texts: dict[Column, str], limits: SpecialityLimits, found: Findings) -> tuple[str, tuple[str, ...]]:
    region = texts.get(Column.REGION_CODE, "")
    extra = tuple(code for code in split_codes(texts.get(Column.EXTRA_REGIONS, "")) if code != region)
    for column, codes in ((Column.REGION_CODE, [region] if region else []), (Column.EXTRA_REGIONS, extra)):
        for code in codes:
            if not (len(code) == 6 and code.isascii() and code.isdigit()):
                found.add("experts/region-form", column, value=code)
            elif not is_known_area(code):
                found.add("experts/unknown-region", column, value=code)
    if len(extra) > limits.max_extra_regions:
        found.add("experts/too-many-regions", Column.EXTRA_REGIONS, count=len(extra), most=limits.max_extra_regions)
    return region, extra


def _term(texts: dict[Column, str], found: Findings) -> tuple[date | None, date | None]:
    first = read_date(texts.get(Column.APPOINTED_ON, ""), Column.APPOINTED_ON, found)
    last = read_date(texts.get(Column.TERM_ENDS_ON, ""), Column.TERM_ENDS_ON, found)
    if first is not None and last is not None and last < first:
        found.add("experts/dates-reversed", Column.TERM_ENDS_ON)
    return first, last


def _word(texts: dict[Column, str], column: Column, words: Mapping[str, T], found: Findings) -> T | None:
    text = texts.get(column, "")
    value = words.get(text) or words.get(text.casefold())
    if value is None and text:
        found.add("experts/unknown-word", column, value=text)
    return value


def cells_of(positions: Mapping[Column, int], texts: Sequence[str]) -> dict[Column, str]:
    """The cells of a row by column; spreadsheets leave out empty cells at the end of a row."""
    width = len(texts)
    return {column: texts[place] if place < width else "" for column, place in positions.items()}
