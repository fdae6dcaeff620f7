"""The columns of an expert library file and the words in its cells, in Chinese and in English."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from expert_hub.experts.columns import CHINESE_NAMES, Column
from expert_hub.experts.vocabulary import CHINESE_KINDS

Language = Literal["zh", "en"]

_STANDINGS: Final[dict[str, str]] = {
    "admitted": "在库",
    "suspended": "暂停",
    "expired": "到期",
    "removed": "退出",
    "under_review": "审核中",
}
_TITLE_LEVELS: Final[dict[str, str]] = {"full_senior": "正高级", "senior": "高级", "intermediate": "中级"}


@dataclass(frozen=True, slots=True)
class SampleRelation:
    """A dated tie to an organisation; `ends_on` None means that it lasts."""

    kind: str
    organisation: str
    code: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class ExpertRow:
    """One registration as it is written to the file."""

    library_no: str
    name: str
    identity_number: str
    mobile: str
    title: str
    title_level: str
    employer: str
    employer_code: str
    region_code: str
    extra_regions: tuple[str, ...]
    specialities: tuple[str, ...]
    standing: str
    appointed_on: date
    term_ends_on: date
    relations: tuple[SampleRelation, ...]
    leave: tuple[tuple[date, date], ...]


def header_cells(language: Language) -> list[str]:
    """The header line."""
    return [CHINESE_NAMES[column] if language == "zh" else str(column) for column in Column]


def row_cells(row: ExpertRow, language: Language) -> list[str]:
    """The cells of one registration, in the order of the header."""
    is_chinese = language == "zh"
    return [
        row.library_no,
        row.name,
        row.identity_number,
        row.mobile,
        row.title,
        _TITLE_LEVELS[row.title_level] if is_chinese else row.title_level,
        row.employer,
        row.employer_code,
        row.region_code,
        ";".join(row.extra_regions),
        ";".join(row.specialities),
        _STANDINGS[row.standing] if is_chinese else row.standing,
        row.appointed_on.isoformat(),
        row.term_ends_on.isoformat(),
        ";".join(_relation_text(relation, is_chinese) for relation in row.relations),
        ";".join(f"{first}~{last}" for first, last in row.leave),
    ]


def _relation_text(relation: SampleRelation, is_chinese: bool) -> str:
    kind = CHINESE_KINDS[relation.kind] if is_chinese else relation.kind
    ends_on = relation.ends_on.isoformat() if relation.ends_on else ""
    return f"{kind}|{relation.organisation}|{relation.code}|{relation.starts_on}|{ends_on}"
