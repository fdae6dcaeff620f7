"""`expert-hub criteria`: the criteria of a tender as TOML, JSON or a spreadsheet, checked before it is registered."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from expert_hub.app import load_packs
from expert_hub.cli.entry import FAILED, FileMissing, app, language, out, say, settings
from expert_hub.experts import workbook_reading
from expert_hub.foundation.clock import SystemClock, local_date
from expert_hub.foundation.errors import HubError
from expert_hub.listings.committee import Fault
from expert_hub.listings.criteria_table import CriteriaFile, read_table, write_table
from expert_hub.listings.evaluation_form import CriterionForm, EvaluationForm, GroupForm, evaluation_faults
from expert_hub.listings.service import pack_named
from expert_hub.sample.toml_text import toml_text

criteria = typer.Typer(help="Criteria of a tender: a file to fill in, a check, another form.", no_args_is_help=True)
app.add_typer(criteria, name="criteria")
_LARGEST = 10_000_000
_NUMBER = re.compile(r"-?[0-9]\.[0-9]{14}E[+-][0-9]{2}")
FORMS = (".toml", ".json", ".xlsx")


class CriteriaFormUnknown(HubError):
    """Criteria are written in three forms."""

    code = "criteria/form-unknown"
    zh = "不支持 {file}：请用 .toml、.json 或 .xlsx 文件。"
    en = "{file} is none of .toml, .json and .xlsx."


class CriteriaUnreadable(HubError):
    """The file is not what its name says."""

    code = "criteria/unreadable"
    zh = "无法读取 {file}：{why}"
    en = "{file} cannot be read: {why}"


@dataclass(frozen=True)
class _Project:
    item_class: str
    ceiling_yuan: Decimal | None


@dataclass(frozen=True)
class _Tender:
    """A tender of which nothing is known but how it is evaluated."""

    project: _Project
    criteria: list[CriterionForm]
    evaluation: EvaluationForm
    bidders: tuple[Any, ...] = ()


@criteria.command("template")
def template(file: Annotated[Path, typer.Argument(help="To write: .toml, .json or .xlsx.")]) -> None:
    """Write an example to fill in."""
    _write(file, _EXAMPLE)
    say(f"已写入 {file}", f"Written: {file}")


@criteria.command("convert")
def convert(
    file: Annotated[Path, typer.Argument(help="To read: .toml, .json or .xlsx.")],
    target: Annotated[Path, typer.Argument(help="To write: .toml, .json or .xlsx.")],
    method: Annotated[str, typer.Option("--method", help="Method, for a spreadsheet.")] = "",
) -> None:
    """Write the same criteria in another form; TOML and JSON are parts of a tender form."""
    part, faults = _read(file, method)
    _stop_at(faults)
    _write(target, part)
    say(f"已写入 {target}", f"Written: {target}")


@criteria.command("check")
def check(
    file: Annotated[Path, typer.Argument(help=".toml, .json or .xlsx.")],
    pack: Annotated[str, typer.Option("--pack", help="Rule pack.")] = "cn.government_procurement.tender",
    method: Annotated[str, typer.Option("--method", help="Method, for a spreadsheet.")] = "",
    item_class: Annotated[str, typer.Option("--class", help="goods, services or another class.")] = "goods",
    ceiling: Annotated[str, typer.Option("--ceiling", help="Highest price of the document in yuan.")] = "",
) -> None:
    """Say everything that is wrong with the criteria under a rule pack, or show them. Exit code 1 if something is."""
    part, faults = _read(file, method)
    rules = pack_named(load_packs(settings(), local_date(SystemClock().now())), pack)
    tender = _Tender(_Project(item_class, _amount(ceiling)), part.criteria, part.evaluation)
    _stop_at(faults or evaluation_faults(tender, rules))
    for line in _tree(part):
        out.print(line, markup=False)


def _amount(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        raise typer.BadParameter(text) from None


def _stop_at(faults: list[Fault]) -> None:
    for fault in faults:
        out.print(f"{fault['where']}: {fault['why']}", markup=False)
    if faults:
        raise typer.Exit(FAILED)


def _tree(part: CriteriaFile, parent: str = "", depth: int = 0) -> Iterator[str]:
    nodes: list[GroupForm | CriterionForm] = [group for group in part.evaluation.groups if group.parent == parent]
    nodes += [item for item in part.criteria if item.parent == parent]
    for node in nodes:
        kind = f" {node.kind}" if isinstance(node, CriterionForm) else ""
        yield f"{'  ' * depth}{node.id} {node.title} {node.full}{kind}"
        if isinstance(node, GroupForm):
            yield from _tree(part, node.id, depth + 1)


def _read(file: Path, method: str) -> tuple[CriteriaFile, list[Fault]]:
    if file.suffix.lower() not in FORMS:
        raise CriteriaFormUnknown(file=file.name)
    try:
        if file.stat().st_size > _LARGEST:
            raise CriteriaUnreadable(file=file.name, why=f"> {_LARGEST} B")
        if file.suffix.lower() == ".xlsx":
            said = EvaluationForm(method=method) if method else EvaluationForm()
            return read_table(_rows(file), said)
        text = file.read_text("utf-8")
        raw = tomllib.loads(text) if file.suffix.lower() == ".toml" else msgspec.json.decode(text)
        return msgspec.convert(raw, CriteriaFile), []
    except OSError as error:
        raise FileMissing(file=file, why=error.strerror or str(error)) from None
    except msgspec.ValidationError as error:
        return CriteriaFile(), [{"where": str(error).rpartition("at ")[2].strip("`"), "why": str(error)}]
    except (ValueError, RecursionError) as error:
        raise CriteriaUnreadable(file=file.name, why=str(error)) from None


def _rows(file: Path) -> Iterator[tuple[int, list[str]]]:
    workbook_reading.check(file)
    sheet = next(workbook_reading.sheets(file), None)
    if sheet is not None:
        for row in workbook_reading.read_rows(file, sheet.name):
            yield row.number, [_plain(cell) for cell in row.cells]


def _plain(cell: str) -> str:
    # A number typed into a spreadsheet arrives with its exponent; fifteen digits are more than marks have.
    if not _NUMBER.fullmatch(cell):
        return cell
    text = format(Decimal(cell), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _write(file: Path, part: CriteriaFile) -> None:
    if file.suffix.lower() not in FORMS:
        raise CriteriaFormUnknown(file=file.name)
    document = msgspec.to_builtins(part)
    try:
        if file.suffix.lower() == ".toml":
            file.write_text(toml_text(document), encoding="utf-8", newline="\n")
        elif file.suffix.lower() == ".json":
            file.write_bytes(msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n")
        else:
            _write_workbook(file, part)
    except OSError as error:
        raise FileMissing(file=file, why=error.strerror or str(error)) from None


def _write_workbook(file: Path, part: CriteriaFile) -> None:
    # Every other command would wait for it.
    from openpyxl import Workbook

    workbook = Workbook()
    sheet = workbook.worksheets[0]
    for number, row in enumerate(write_table(part, 0 if language() == "zh" else 1), start=1):
        for place, text in enumerate(row, start=1):
            cell = sheet.cell(number, place, text)
            # Text stays text, whatever it begins with.
            cell.data_type = "s"
            cell.number_format = "@"
    for column, width in zip("ABCDEFGHIJ", (12, 10, 36, 10, 12, 8, 8, 8, 8, 14), strict=True):
        sheet.column_dimensions[column].width = width
    sheet.freeze_panes = "A2"
    workbook.save(file)


_EXAMPLE = CriteriaFile(
    criteria=[
        CriterionForm("T1", "technical", "总体技术方案", "subjective", "20", "0.5", parent="T"),
        CriterionForm("T2", "technical", "质量保证措施", "subjective", "30", "0.5", blind=True, parent="T"),
        CriterionForm("C1", "business", "同类项目业绩", "objective", "12", "1", parent="C"),
        CriterionForm("C2", "business", "体系认证", "pass_fail", "8", parent="C"),
        CriterionForm("P1", "price", "投标报价", "formula", "30"),
        CriterionForm("D1", "business", "失信扣分", "deduction", "5", "1"),
    ],
    evaluation=EvaluationForm(groups=[GroupForm("T", "技术部分", "50"), GroupForm("C", "商务部分", "20")]),
)
