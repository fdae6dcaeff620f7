"""`expert-hub import`, `catalogue`, `venues`, `sample`: bring records in, or make some to try things out."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from expert_hub.cli.entry import FAILED, app, err, language, opened_hub, run, say
from expert_hub.experts.importing import ImportContext, ImportReport, import_catalogue, import_library
from expert_hub.experts.rules import SpecialityLimits
from expert_hub.foundation.clock import HUB_ZONE, SystemClock
from expert_hub.foundation.errors import HubError
from expert_hub.foundation.rule_packs import CENTRE_PACK
from expert_hub.sample.writer import SampleOptions, write_sample
from expert_hub.venues.service import read_venue_file, register_venues

_SHOWN = 20


class FormUnknown(HubError):
    """Expert files are written in two forms."""

    code = "sample/form-unknown"
    zh = "不支持格式 {form}，请用 csv 或 xlsx。"
    en = "There is no form {form}; use csv or xlsx."


class StartMalformed(HubError):
    """The start of the evaluation is not an instant."""

    code = "sample/start-malformed"
    zh = "“{starts}”不是 ISO 8601 时刻，例如 2026-03-02T09:30+08:00。"
    en = "{starts} is not an instant of ISO 8601 such as 2026-03-02T09:30+08:00."


@app.command("import")
def import_experts(
    file: Annotated[Path, typer.Argument(help="CSV or xlsx, header in Chinese or English.")],
    library: Annotated[str, typer.Option("--library", help="The library whose file this is.")] = "default",
    report: Annotated[Path | None, typer.Option("--report", help="Write the whole report as JSON.")] = None,
) -> None:
    """Import an expert library; bad rows are named and spoil no good one. Exit code 1 if rows were rejected."""

    async def work() -> ImportReport:
        async with opened_hub() as hub, hub.database.write() as session:
            with _progress() as advance:
                limits = SpecialityLimits.of(hub.packs[CENTRE_PACK])
                context = ImportContext(
                    hub.clock, hub.chance, hub.vault, library=library, limits=limits, progress=advance
                )
                return await import_library(session, file, context)

    result = run(work())
    _show(result)
    if report is not None:
        document = msgspec.to_builtins(result)
        report.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    if result.rejected:
        raise typer.Exit(FAILED)


@contextmanager
def _progress() -> Iterator[Callable[[int, int | None], None]]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("导入 import" if language() == "zh" else "import", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _show(result: ImportReport) -> None:
    say(
        f"共 {result.rows} 行：新增 {result.imported}，更新 {result.updated}，未变 {result.unchanged}，"
        f"合并重复 {result.merged}，拒绝 {result.rejected}",
        f"{result.rows} rows: {result.imported} imported, {result.updated} updated, {result.unchanged} unchanged, "
        f"{result.merged} duplicates merged, {result.rejected} rejected",
    )
    for fault in result.rejections[:_SHOWN]:
        reasons = "; ".join(_sentence(reason) for reason in fault.reasons)
        err.print(f"  {fault.row}: {reasons}", markup=False)
    hidden = len(result.rejections) - _SHOWN
    if hidden > 0:
        say(f"  另有 {hidden} 行，见 --report", f"  and {hidden} more; see --report")


def _sentence(reason: Any) -> str:
    return str(reason.zh if language() == "zh" else reason.en)


catalogue = typer.Typer(help="The classification of specialities.", no_args_is_help=True)
app.add_typer(catalogue, name="catalogue")


@catalogue.callback()
def _catalogue() -> None:
    """The classification of specialities."""


@catalogue.command("import")
def import_specialities(
    file: Annotated[Path | None, typer.Argument(help="Tab-separated; the shipped one if absent.")] = None,
) -> None:
    """Import a catalogue of specialities; without FILE the one that is shipped."""

    async def work() -> Any:
        async with opened_hub() as hub, hub.database.write() as session:
            return await import_catalogue(session, hub.clock, file)

    result = run(work())
    say(
        f"目录共 {result.codes} 个代码：新增 {result.added}，更名 {result.renamed}",
        f"{result.codes} codes: {result.added} added, {result.renamed} renamed",
    )


venues = typer.Typer(help="Venues, rooms and workstations.", no_args_is_help=True)
app.add_typer(venues, name="venues")


@venues.callback()
def _venues() -> None:
    """Venues, rooms and workstations."""


@venues.command("import")
def import_venues(file: Annotated[Path, typer.Argument(help="TOML with [[venues]] and [[venues.rooms]].")]) -> None:
    """Add or update venues with their rooms and workstations."""

    async def work() -> int:
        forms = read_venue_file(file)
        async with opened_hub() as hub, hub.database.write() as session:
            return await register_venues(session, hub.clock, forms)

    count = run(work())
    say(f"已登记 {count} 个场所。", f"{count} venues registered.")


@app.command()
def sample(
    experts: Annotated[int, typer.Option("--experts", min=1, help="Registrations in the library.")] = 2000,
    seed: Annotated[int, typer.Option("--seed", help="Same seed and start, same bytes.")] = 1,
    out: Annotated[Path, typer.Option("--out", help="Folder to write to.")] = Path("var/sample"),
    form: Annotated[str, typer.Option("--format", help="csv or xlsx")] = "csv",
    starts: Annotated[str, typer.Option("--starts", help="Start of the evaluation, ISO 8601.")] = "",
) -> None:
    """Write a synthetic expert library, a tender, venues and marks."""
    if form not in ("csv", "xlsx"):
        raise FormUnknown(form=form)
    try:
        at = datetime.fromisoformat(starts) if starts else SystemClock().now().astimezone(HUB_ZONE)
    except ValueError:
        raise StartMalformed(starts=starts) from None
    at = at if at.tzinfo else at.replace(tzinfo=HUB_ZONE)
    paths = write_sample(out, experts, seed, at if starts else at.date(), SampleOptions(form=form))  # type: ignore[arg-type]
    for path in (paths.experts, paths.tender, paths.venues, paths.scores):
        say(f"已写入 {path}", f"Wrote {path}")
