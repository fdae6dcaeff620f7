"""The same seed and start give the same bytes."""

import csv
import hashlib
import os
import subprocess
import sys
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import python_calamine

from expert_hub.sample.writer import SampleOptions, write_sample

ON = date(2026, 3, 2)
KNOWN = "8cf6afb3c27cafb9c394f6a574a0ec13fa92fe06e082a4c621c45ccb51584bfb"
OPTIONS = [SampleOptions(), SampleOptions("xlsx"), SampleOptions("csv", "en", "gb18030")]
SCRIPT = """
import hashlib, sys
from datetime import date
from pathlib import Path
from expert_hub.sample.writer import SampleOptions, write_sample
for form in ("csv", "xlsx"):
    paths = write_sample(Path(sys.argv[1]), 300, 4, date(2026, 3, 2), SampleOptions(form))
    for path in (paths.experts, paths.tender, paths.venues, paths.scores):
        print(path.name, hashlib.sha256(path.read_bytes()).hexdigest())
"""


@pytest.mark.parametrize("options", OPTIONS)
def test_two_runs_give_the_same_bytes(tmp_path: Path, options: SampleOptions) -> None:
    first = write_sample(tmp_path / "a", 200, 4, ON, options)
    second = write_sample(tmp_path / "b", 200, 4, ON, options)
    for name in ("experts", "tender", "venues", "scores"):
        assert getattr(first, name).read_bytes() == getattr(second, name).read_bytes()
    other = write_sample(tmp_path / "c", 200, 5, ON, options)
    assert other.experts.read_bytes() != first.experts.read_bytes()


def test_the_bytes_do_not_depend_on_the_hash_seed(tmp_path: Path) -> None:
    digests = set()
    for hash_seed in ("0", "1", "4242"):
        command = [sys.executable, "-c", SCRIPT, str(tmp_path / hash_seed)]
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        done = subprocess.run(command, env=environment, capture_output=True, check=True, timeout=120)
        digests.add(done.stdout)
    assert len(digests) == 1


def test_known_bytes_of_one_sample(tmp_path: Path) -> None:
    experts = write_sample(tmp_path, 300, 4, ON).experts.read_bytes()
    assert hashlib.sha256(experts).hexdigest() == KNOWN


def test_csv_and_workbook_hold_the_same_cells(tmp_path: Path) -> None:
    with write_sample(tmp_path, 100, 4, ON).experts.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    path = write_sample(tmp_path, 100, 4, ON, SampleOptions("xlsx")).experts
    sheet = python_calamine.load_workbook(path).get_sheet_by_index(0).to_python()
    assert len(rows) == 101
    assert [[str(cell) for cell in row] for row in sheet] == rows


def test_encoding_and_language_are_options(tmp_path: Path) -> None:
    path = write_sample(tmp_path, 20, 4, ON, SampleOptions("csv", "en", "gb18030")).experts
    assert path.read_text("gb18030").startswith("library_no,name,identity_number")


def test_a_day_starts_at_half_past_nine_in_beijing(tmp_path: Path) -> None:
    lot = tomllib.loads(write_sample(tmp_path, 10, 1, ON).tender.read_text("utf-8"))["lot"]
    assert lot["evaluation_starts_at"] == datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


def test_an_instant_is_kept_and_written_in_beijing_time(tmp_path: Path) -> None:
    text = write_sample(tmp_path, 10, 1, datetime(2026, 3, 2, 20, 15, 7, 5, tzinfo=UTC)).tender.read_text("utf-8")
    assert "evaluation_starts_at = 2026-03-03T04:15:07+08:00" in text


def test_an_instant_without_a_zone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="time zone"):
        write_sample(tmp_path, 10, 1, datetime(2026, 3, 2, 9, 30))  # noqa: DTZ001 - that is what is refused
