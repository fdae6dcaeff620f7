"""Criteria as a table: one row for each group, item or priced deviation, as a spreadsheet holds it.

The same part of the tender form as `criteria` and `evaluation` in TOML or JSON; either way gives equal values.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from expert_hub.listings.committee import Fault
from expert_hub.listings.evaluation_form import CriterionForm, DeviationForm, EvaluationForm, GroupForm

COLUMNS: Mapping[str, tuple[str, str]] = {
    "kind": ("方式", "kind"),
    "id": ("编号", "id"),
    "title": ("名称", "title"),
    "parent": ("上级", "parent"),
    "group": ("类别", "group"),
    "full": ("分值", "marks"),
    "low": ("最低分", "lowest"),
    "step": ("步长", "step"),
    "blind": ("暗标", "blind"),
    "unit_yuan": ("单位偏差价", "yuan for one"),
}
"""Columns by key, with their heading in Chinese and in English; the order of a file's columns is free."""
KINDS: Mapping[str, str] = {
    "分组": "set",
    "客观": "objective",
    "主观": "subjective",
    "公式": "formula",
    "通过制": "pass_fail",
    "扣分": "deduction",
    "偏差": "deviation",
}
"""What a row may be: the Chinese word and the key; `set` is a group of the tree, `deviation` a priced quantity."""
GROUPS: Mapping[str, str] = {"技术": "technical", "商务": "business", "价格": "price"}
_YES, _NO = ("是", "yes", "true", "1", "√"), ("", "否", "no", "false", "0")
Row = tuple[int, Sequence[str]]
"""Number of the row as the spreadsheet counts, and its cells as text."""


class CriteriaFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The part of a tender form that says how it is evaluated."""

    criteria: list[CriterionForm] = []
    evaluation: EvaluationForm = msgspec.field(default_factory=EvaluationForm)


def read_table(rows: Iterable[Row], said: EvaluationForm) -> tuple[CriteriaFile, list[Fault]]:
    """Read a table whose first row that is not blank holds the headings.

    Args:
        rows: the rows in order; blank ones are passed over.
        said: what else the document sets for its method; groups and deviations come from the table.

    Returns:
        The part of the form, and every fault with row and column; with faults, the part holds the rows without.
    """
    faults: list[Fault] = []
    keys: dict[int, str] = {}
    found: dict[type[Any], list[Any]] = {CriterionForm: [], GroupForm: [], DeviationForm: []}
    for number, cells in rows:
        texts = [cell.strip() for cell in cells]
        if not any(texts):
            continue
        if not keys:
            keys, faults = _headings(number, texts)
            if faults:
                break
            continue
        cell_of = {key: texts[place] if place < len(texts) else "" for place, key in keys.items()}
        try:
            for part in _parts(cell_of):
                found[type(part)].append(part)
        except _Unreadable as error:
            faults.append({"where": f"row {number}, {COLUMNS[error.key][1]}", "why": error.why})
    if not keys and not faults:
        faults = [{"where": "file", "why": "is empty"}]
    evaluation = msgspec.structs.replace(said, groups=found[GroupForm], deviations=found[DeviationForm])
    return CriteriaFile(found[CriterionForm], evaluation), faults


def write_table(part: CriteriaFile, place: int) -> list[list[str]]:
    """The rows of a table that `read_table` reads back to the same, headings first.

    Args:
        part: the part of the form.
        place: 0 for Chinese words, 1 for the English ones.
    """
    words = {key: zh if place == 0 else key for zh, key in KINDS.items()}
    areas = {key: zh if place == 0 else key for zh, key in GROUPS.items()}
    prices = {each.criterion: each.unit_yuan for each in part.evaluation.deviations}
    rows: list[dict[str, str]] = [
        {"kind": words["set"], "id": group.id, "title": group.title, "parent": group.parent, "full": group.full}
        for group in part.evaluation.groups
    ]
    for item in part.criteria:
        is_deviation = item.group == "deviation"
        rows.append(
            msgspec.structs.asdict(item)
            | {"kind": words["deviation" if is_deviation else item.kind]}
            | {"group": "" if is_deviation else areas.get(item.group, item.group)}
            | {"blind": _YES[place] if item.blind else "", "unit_yuan": prices.get(item.id, "")}
        )
    return [[names[place] for names in COLUMNS.values()], *([row.get(key, "") for key in COLUMNS] for row in rows)]


class _Unreadable(Exception):
    def __init__(self, key: str, why: str) -> None:
        super().__init__(why)
        self.key, self.why = key, why


def _headings(number: int, texts: Sequence[str]) -> tuple[dict[int, str], list[Fault]]:
    known = {name.casefold(): key for key, names in COLUMNS.items() for name in (*names, key)}
    keys = {place: known[text.casefold()] for place, text in enumerate(texts) if text.casefold() in known}
    unknown = [text for text in texts if text and text.casefold() not in known]
    doubled = sorted({key for key in keys.values() if list(keys.values()).count(key) > 1})
    missing = [COLUMNS[key][1] for key in ("kind", "id", "title", "full") if key not in keys.values()]
    faults = [f"there is no column {text}" for text in unknown]
    faults += [f"the column {COLUMNS[key][1]} occurs twice" for key in doubled]
    faults += [f"the column {name} is missing" for name in missing]
    return keys, [{"where": f"row {number}", "why": why} for why in faults]


def _parts(cell_of: Mapping[str, str]) -> list[Any]:
    kind = KINDS.get(cell_of["kind"], cell_of["kind"].casefold())
    if kind not in KINDS.values():
        raise _Unreadable("kind", f"{cell_of['kind'] or 'an empty cell'} is none of {', '.join(KINDS.values())}")
    if kind == "set":
        return [_made(GroupForm, {key: cell_of.get(key, "") for key in ("id", "title", "full", "parent")})]
    is_deviation = kind == "deviation"
    group = cell_of.get("group", "")
    values: dict[str, Any] = {key: cell_of.get(key, "") for key in ("id", "title", "full", "parent")}
    values |= {"kind": "objective" if is_deviation else kind, "blind": _yes_or_no(cell_of.get("blind", ""))}
    values["group"] = "deviation" if is_deviation else GROUPS.get(group, group)
    values |= {key: cell_of[key] for key in ("low", "step") if cell_of.get(key)}
    parts: list[Any] = [_made(CriterionForm, values)]
    if is_deviation:
        parts.append(_made(DeviationForm, {"criterion": values["id"], "unit_yuan": cell_of.get("unit_yuan", "")}))
    elif cell_of.get("unit_yuan"):
        raise _Unreadable("unit_yuan", "only a deviation has a price")
    return parts


def _yes_or_no(text: str) -> bool:
    if text.casefold() not in (*_YES, *_NO):
        raise _Unreadable("blind", f"{text} is neither yes nor no")
    return text.casefold() in _YES


def _made(form: type[Any], values: Mapping[str, Any]) -> Any:
    try:
        return msgspec.convert(values, form)
    except msgspec.ValidationError as error:
        text = str(error)
        key = text.rpartition("$.")[2].strip("`") if "$." in text else "id"
        raise _Unreadable(key if key in COLUMNS else "id", text.partition(" - at")[0]) from None
