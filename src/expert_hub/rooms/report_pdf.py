"""The evaluation report as a PDF to print and file; its layout is `report.typ` beside this file."""

import json
import re
import sys
from datetime import datetime
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import typst

from evaluation.report import EvaluationReport
from evaluation.stages import Stage
from expert_hub.foundation.clock import HUB_ZONE
from expert_hub.foundation.errors import HubError

_SERIF = ("Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC")
_SANS = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC")
_FINAL = frozenset({Stage.CLOSED, Stage.ARCHIVED, Stage.FAILED})
# Signs that show as nothing or turn the direction of a line: a name must not be able to look like another.
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


class ReportFontMissing(HubError):
    """No Chinese font on this machine; a report must not come out as empty boxes."""

    code = "rooms/report-font-missing"
    status = 503
    zh = "未找到思源（Noto CJK）中文字体，无法生成评标报告；请安装软件包 fonts-noto-cjk，或将字体放入 {folder}。"
    en = "No Noto CJK font was found for the report; install the package fonts-noto-cjk or put the fonts into {folder}."


class Fonts(NamedTuple):
    """Families to print with and where they are."""

    folders: tuple[str, ...]
    serif: str
    sans: str
    uses_system: bool


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
        ReportFontMissing: when none of them holds a Chinese font.
    """
    own = Path(sys.prefix) / "share" / "expert-hub" / "fonts"
    fonts = find_fonts(tuple(str(folder) for folder in (fonts_dir, own) if folder is not None and folder.is_dir()))
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


@lru_cache(maxsize=8)
def find_fonts(folders: tuple[str, ...]) -> Fonts:
    """The families to print with.

    Args:
        folders: folders of fonts; the system's fonts are looked at only when these have no Chinese font.

    Raises:
        ReportFontMissing: when there is none; that is not remembered, so that fonts may be installed meanwhile.
    """
    for uses_system in (False, True):
        found = typst.Fonts(
            include_system_fonts=uses_system, include_embedded_fonts=False, font_paths=list(folders)
        ).families()
        serif = [name for name in _SERIF if name in found]
        sans = [name for name in _SANS if name in found]
        if serif or sans:
            return Fonts(folders, (serif + sans)[0], (sans + serif)[0], uses_system)
    raise ReportFontMissing(folder=str(Path(sys.prefix) / "share" / "expert-hub" / "fonts"))


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
        return _INVISIBLE.sub("\ufffd", value.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(value, dict):
        return {_visible(name): _visible(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_visible(item) for item in value]
    return value
