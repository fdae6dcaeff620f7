"""The evaluation report as a PDF to print and file; its layout is `report.typ` beside this file."""

import json
from datetime import datetime
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import msgspec
import typst

from evaluation.report import EvaluationReport
from evaluation.stages import Stage
from expert_hub.foundation.clock import HUB_ZONE
from expert_hub.foundation.fonts import fonts_in
from expert_hub.foundation.texts import visible

_FINAL = frozenset({Stage.CLOSED, Stage.ARCHIVED, Stage.FAILED})


def render_report(report: EvaluationReport, at: datetime, fonts_dir: Path | None = None, digest: str = "") -> bytes:
    """Lay the report out on A4.

    Equal arguments and equal fonts give equal bytes: the date of the file is `at`.

    Args:
        report: the report; every text in it is shown as it is, none is read as markup.
        at: instant of printing, UTC aware.
        fonts_dir: folder of fonts that is looked at first; then the installation's, then the system's.
        digest: digest over the records of the room, for the foot of every page; empty leaves it out.

    Returns:
        The PDF.

    Raises:
        FontMissing: when none of them holds a Chinese font.
    """
    fonts = fonts_in(fonts_dir)
    paper = _paper(report, at, digest) | {"fonts": {"serif": fonts.serif, "sans": fonts.sans}}
    with as_file(files("expert_hub.rooms") / "report.typ") as template:
        pdf = typst.compile(
            str(template),
            root=str(template.parent),
            font_paths=list(fonts.folders),
            ignore_system_fonts=not fonts.uses_system,
            sys_inputs={"paper": json.dumps(paper, ensure_ascii=False)},
            timestamp=int(at.timestamp()),
            format="pdf",
        )
    return bytes(pdf)


def _paper(report: EvaluationReport, at: datetime, digest: str) -> dict[str, Any]:
    local = at.astimezone(HUB_ZONE)
    shown = _visible(msgspec.to_builtins(report))
    project = shown["project"]
    return {
        "report": shown,
        "title": f"评标报告 {project['lot_code']} {project['lot_name']}",
        "at": {name: getattr(local, name) for name in ("year", "month", "day", "hour", "minute", "second")},
        "printed": _minute(local),
        "started": _minute(datetime.fromisoformat(project["started_at"]).astimezone(HUB_ZONE)),
        "is_draft": project["stage"] not in _FINAL,
        "digest": digest,
    }


def _minute(local: datetime) -> str:
    return f"{local:%Y-%m-%d %H:%M}（北京时间）"


def _visible(value: Any) -> Any:
    if isinstance(value, str):
        return visible(value.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(value, dict):
        return {_visible(name): _visible(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_visible(item) for item in value]
    return value
