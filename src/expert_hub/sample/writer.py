"""Writes the whole sample into a directory."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any, Final, Literal

from expert_hub.sample.columns import Language, header_cells, row_cells
from expert_hub.sample.files import Cells, write_csv, write_xlsx
from expert_hub.sample.library import library_rows
from expert_hub.sample.scores import scores_document
from expert_hub.sample.tender import tender_document
from expert_hub.sample.toml_text import toml_text
from expert_hub.sample.venues import venues_document

_BEIJING: Final = timezone(timedelta(hours=8))
_USUAL_START: Final = time(9, 30, tzinfo=_BEIJING)


@dataclass(frozen=True, slots=True)
class SampleOptions:
    """How the expert file is written; the encoding concerns CSV only."""

    form: Literal["csv", "xlsx"] = "csv"
    language: Language = "zh"
    encoding: str = "utf-8-sig"


@dataclass(frozen=True, slots=True)
class SamplePaths:
    """The four files of a sample."""

    experts: Path
    tender: Path
    venues: Path
    scores: Path


_AS_USUAL: Final = SampleOptions()


def write_sample(
    directory: Path, experts: int, seed: int, starts_on: date | datetime, options: SampleOptions = _AS_USUAL
) -> SamplePaths:
    """Write an expert library, a tender, venues and the marks of its committee.

    With 150 experts or more every quota of the tender can be drawn with its alternates.

    Args:
        directory: made when it is absent; files of an earlier sample are replaced.
        experts: number of registrations in the library.
        seed: the same seed and start give the same bytes.
        starts_on: day of the evaluation (it starts at 9:30, Beijing time) or the exact instant, aware of its zone.
        options: form, language and encoding of the expert file.

    Returns:
        Where the files are.

    Raises:
        ValueError: the instant has no zone.
    """
    starts_at = _instant(starts_on)
    directory.mkdir(parents=True, exist_ok=True)
    paths = SamplePaths(
        experts=directory / f"experts.{options.form}",
        tender=directory / "tender.toml",
        venues=directory / "venues.toml",
        scores=directory / "scores.toml",
    )
    cells = _cells(experts, seed, starts_at.date(), options.language)
    if options.form == "xlsx":
        write_xlsx(paths.experts, cells)
    else:
        write_csv(paths.experts, cells, options.encoding)
    _write_toml(paths.tender, tender_document(starts_at))
    _write_toml(paths.venues, venues_document())
    _write_toml(paths.scores, scores_document())
    return paths


def _instant(starts_on: date | datetime) -> datetime:
    if not isinstance(starts_on, datetime):
        return datetime.combine(starts_on, _USUAL_START)
    if starts_on.tzinfo is None:
        raise ValueError("the start needs a time zone")
    return starts_on.astimezone(_BEIJING).replace(microsecond=0)


def _cells(experts: int, seed: int, on: date, language: Language) -> Iterator[Cells]:
    yield header_cells(language)
    for row in library_rows(experts, seed, on):
        yield row_cells(row, language)


def _write_toml(path: Path, document: dict[str, Any]) -> None:
    path.write_text(toml_text(document), encoding="utf-8", newline="\n")
