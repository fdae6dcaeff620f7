"""Cells that hold several values: codes, relations, leave; and dates."""

import re
from datetime import date

from expert_hub.experts.columns import Column
from expert_hub.experts.import_reasons import Findings
from expert_hub.experts.rules import Leave, Relation
from expert_hub.experts.vocabulary import PROJECT_KINDS, RELATIONS
from expert_hub.foundation.codes import check_identity_number, check_uscc

_BETWEEN_CODES = re.compile(r"[;；,，、\s]+")
_BETWEEN_ITEMS = re.compile(r"[;；\r\n]+")
_BETWEEN_PARTS = re.compile(r"[|｜]")
_BETWEEN_DAYS = re.compile(r"[~～至]")
_DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?:[ T]00:00(?::00(?:\.0+)?)?)?")
_NAME_LENGTH = 200
_CODE_LENGTH = 64


def split_codes(text: str) -> tuple[str, ...]:
    """The codes of a cell without repeats, sorted, so that another order is no other content."""
    if not text:
        return ()
    return tuple(sorted({code for code in _BETWEEN_CODES.split(text) if code}))


def read_date(text: str, field: str, found: Findings) -> date | None:
    """A date as ISO 8601 or as spreadsheets write it in Chinese; empty is none."""
    if not text:
        return None
    match = _DATE.fullmatch(text)
    try:
        if match:
            return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        pass
    found.add("experts/date-form", field, value=text)
    return None


def read_relations(text: str, found: Findings) -> tuple[Relation, ...]:
    """Relations `kind|name|code|from|to` joined by `;`, in either language. Source: domain EL-13."""
    if not text:
        return ()
    items = (item.strip() for item in _BETWEEN_ITEMS.split(text))
    return tuple(relation for item in items if item and (relation := _relation(item, found)) is not None)


def read_leaves(text: str, found: Findings) -> tuple[Leave, ...]:
    """Intervals `from~to` joined by `;`, both days included. Source: domain EL-12."""
    if not text:
        return ()
    items = (item.strip() for item in _BETWEEN_ITEMS.split(text))
    leaves = {leave for item in items if item and (leave := _leave(item, found)) is not None}
    return tuple(sorted(leaves, key=lambda leave: (leave.starts_on, leave.ends_on)))


def _relation(item: str, found: Findings) -> Relation | None:
    parts = [part.strip() for part in _BETWEEN_PARTS.split(item)]
    if not 2 <= len(parts) <= 5 or len(parts[1]) > _NAME_LENGTH:
        found.add("experts/relation-form", Column.RELATIONS, value=item)
        return None
    word, name, code, first, last = (*parts, "", "", "")[:5]
    kind = RELATIONS.get(word) or RELATIONS.get(word.casefold())
    if kind is None:
        found.add("experts/relation-kind", Column.RELATIONS, value=word)
        return None
    code = _relation_code(kind, name, code, found)
    starts_on, ends_on = read_date(first, Column.RELATIONS, found), read_date(last, Column.RELATIONS, found)
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        found.add("experts/dates-reversed", Column.RELATIONS)
    return Relation(kind, name, code, starts_on, ends_on)


def _relation_code(kind: str, name: str, code: str, found: Findings) -> str:
    if kind == "kin":
        check = check_identity_number(code)
        if not check.is_valid:
            found.add("experts/relation-kin", Column.RELATIONS)
        return check.text
    if not name and not code:
        found.add("experts/relation-party", Column.RELATIONS)
    if not code or kind in PROJECT_KINDS:
        return code[:_CODE_LENGTH]
    check = check_uscc(code)
    found.take(check, Column.RELATIONS)
    return check.text


def _leave(item: str, found: Findings) -> Leave | None:
    days = [day.strip() for day in _BETWEEN_DAYS.split(item)]
    if len(days) != 2 or not all(days):
        found.add("experts/leave-form", Column.LEAVE, value=item)
        return None
    starts_on, ends_on = read_date(days[0], Column.LEAVE, found), read_date(days[1], Column.LEAVE, found)
    if starts_on is None or ends_on is None:
        return None
    if ends_on < starts_on:
        found.add("experts/dates-reversed", Column.LEAVE)
    return Leave(starts_on, ends_on)
