"""Columns of a library file: their names in Chinese and English, and which a header must have.

Source: engineering choice (the exchange form of expert libraries is not set by law).
"""

import re
import unicodedata
from collections.abc import Sequence
from enum import StrEnum

import msgspec

from expert_hub.experts.errors import DuplicateColumn, HeaderMissing


class Column(StrEnum):
    """Everything that a row may say."""

    LIBRARY_NO = "library_no"
    NAME = "name"
    IDENTITY_NUMBER = "identity_number"
    MOBILE = "mobile"
    TITLE = "title"
    TITLE_LEVEL = "title_level"
    EMPLOYER = "employer"
    EMPLOYER_CODE = "employer_code"
    REGION_CODE = "region_code"
    EXTRA_REGIONS = "extra_regions"
    SPECIALITIES = "specialities"
    STANDING = "standing"
    APPOINTED_ON = "appointed_on"
    TERM_ENDS_ON = "term_ends_on"
    RELATIONS = "relations"
    LEAVE = "leave"


CHINESE_NAMES: dict[Column, str] = {
    Column.LIBRARY_NO: "入库编号",
    Column.NAME: "姓名",
    Column.IDENTITY_NUMBER: "身份证号",
    Column.MOBILE: "手机号",
    Column.TITLE: "职称",
    Column.TITLE_LEVEL: "职称级别",
    Column.EMPLOYER: "工作单位",
    Column.EMPLOYER_CODE: "单位统一社会信用代码",
    Column.REGION_CODE: "所在地区",
    Column.EXTRA_REGIONS: "服务地区",
    Column.SPECIALITIES: "专业代码",
    Column.STANDING: "状态",
    Column.APPOINTED_ON: "聘任日期",
    Column.TERM_ENDS_ON: "聘期截止",
    Column.RELATIONS: "利害关系",
    Column.LEAVE: "请假",
}

REQUIRED = (
    Column.NAME,
    Column.IDENTITY_NUMBER,
    Column.MOBILE,
    Column.TITLE_LEVEL,
    Column.EMPLOYER,
    Column.REGION_CODE,
    Column.SPECIALITIES,
    Column.STANDING,
)
"""Without one of these a person could not be identified, reached, checked for conflicts or drawn."""

_FURTHER_NAMES: dict[str, Column] = {
    "身份证号码": Column.IDENTITY_NUMBER,
    "公民身份号码": Column.IDENTITY_NUMBER,
    "手机号码": Column.MOBILE,
    "手机": Column.MOBILE,
    "单位": Column.EMPLOYER,
    "统一社会信用代码": Column.EMPLOYER_CODE,
    "单位代码": Column.EMPLOYER_CODE,
    "地区代码": Column.REGION_CODE,
    "评标专业": Column.SPECIALITIES,
    "评审专业": Column.SPECIALITIES,
    "评审专业代码": Column.SPECIALITIES,
    "专家状态": Column.STANDING,
    "聘期截止日期": Column.TERM_ENDS_ON,
    "回避信息": Column.RELATIONS,
    "idnumber": Column.IDENTITY_NUMBER,
    "leaves": Column.LEAVE,
}

_HEADER_REACH = 10
"""Rows searched for the header: exports often begin with a title above it."""


class Header(msgspec.Struct, frozen=True):
    """Where each column stands.

    `row` is the number of the header row, `positions` the index of each column, `ignored` the names nobody knows.
    """

    row: int
    positions: dict[Column, int]
    width: int
    ignored: tuple[str, ...]


def find_header(rows: Sequence[tuple[int, Sequence[str]]], file: str) -> Header:
    """Find the header among the first rows of a file.

    Args:
        rows: (row number, cells) in order.
        file: name shown in a refusal.

    Raises:
        HeaderMissing: no row names all required columns.
        DuplicateColumn: two cells of the header mean the same.
    """
    best = max(rows[:_HEADER_REACH], key=lambda row: recognised(row[1]), default=(0, ()))
    number, cells = best
    positions: dict[Column, int] = {}
    ignored = []
    for place, cell in enumerate(cells):
        column = column_of(cell)
        if column is None:
            ignored.extend([cell.strip()[:40]] if cell.strip() else [])
        elif column in positions:
            raise DuplicateColumn(file=file, column=f"{column} ({CHINESE_NAMES[column]})")
        else:
            positions[column] = place
    missing = [f"{column} ({CHINESE_NAMES[column]})" for column in REQUIRED if column not in positions]
    if missing:
        raise HeaderMissing(file=file, missing=", ".join(missing))
    return Header(number, positions, len(cells), tuple(ignored))


def recognised(cells: Sequence[str]) -> int:
    """How many cells of a row name a column."""
    return sum(column_of(cell) is not None for cell in cells)


def column_of(cell: str) -> Column | None:
    """The column that a header cell names, in either language, whatever its case, blanks and marks."""
    return _BY_NAME.get(_plain(cell))


def _plain(cell: str) -> str:
    return re.sub(r"[\s*_\-﻿:]", "", unicodedata.normalize("NFKC", cell[:80])).casefold()


_BY_NAME: dict[str, Column] = {
    **{_plain(column): column for column in Column},
    **{_plain(name): column for column, name in CHINESE_NAMES.items()},
    **{_plain(name): column for name, column in _FURTHER_NAMES.items()},
}
