"""`expert-hub import`, `catalogue`, `venues` and `sample`."""

import json
from pathlib import Path
from typing import Any

import pytest

from expert_hub.sample.writer import SamplePaths

STARTS = ("--starts", "2026-03-02T09:30+08:00")


def with_catalogue(expert_hub: Any) -> Any:
    assert expert_hub.run("catalogue", "import").code == 0
    return expert_hub


def spoiled(sample: SamplePaths, folder: Path) -> Path:
    """The sample library with an identity number in its first row that cannot be one."""
    lines = sample.experts.read_text("utf-8-sig").splitlines()
    place = lines[0].split(",").index("身份证号")
    cells = lines[1].split(",")
    cells[place] = "123"
    path = folder / "spoiled.csv"
    path.write_text("\n".join([lines[0], ",".join(cells), *lines[2:12]]) + "\n", encoding="utf-8")
    return path


def test_a_library_is_imported_and_the_same_file_changes_nothing(expert_hub: Any, sample: SamplePaths) -> None:
    line = with_catalogue(expert_hub)
    first = line.run("--lang", "en", "import", sample.experts)
    assert (first.code, first.err) == (0, "")
    assert first.out == "300 rows: 300 imported, 0 updated, 0 unchanged, 0 duplicates merged, 0 rejected\n"
    again = line.run("import", sample.experts)
    assert (again.code, again.out) == (0, "共 300 行：新增 0，更新 0，未变 300，合并重复 0，拒绝 0\n")


def test_bad_rows_are_named_and_spoil_no_good_one(expert_hub: Any, sample: SamplePaths, tmp_path: Path) -> None:
    line, report = with_catalogue(expert_hub), tmp_path / "report.json"
    end = line.run("--lang", "en", "import", spoiled(sample, tmp_path), "--report", report)
    assert end.code == 1
    assert end.out == "11 rows: 10 imported, 0 updated, 0 unchanged, 0 duplicates merged, 1 rejected\n"
    assert end.err.startswith("  2: ")
    assert end.err.count("\n") == 1
    document = json.loads(report.read_text("utf-8"))
    assert (document["rows"], document["imported"], document["rejected"]) == (11, 10, 1)
    (fault,) = document["rejections"]
    assert (fault["row"], fault["reasons"][0]["en"] in end.err) == (2, True)
    zh = line.run("import", spoiled(sample, tmp_path))
    assert (zh.code, zh.out) == (1, "共 11 行：新增 0，更新 0，未变 10，合并重复 0，拒绝 1\n")
    assert fault["reasons"][0]["zh"] in zh.err


def test_files_that_are_no_library_are_refused(expert_hub: Any, sample: SamplePaths, tmp_path: Path) -> None:
    line = with_catalogue(expert_hub)
    empty, pdf, folder = tmp_path / "empty.csv", tmp_path / "scan.pdf", tmp_path / "folder"
    empty.write_bytes(b"")
    pdf.write_bytes(b"%PDF-1.7\n")
    folder.mkdir()
    for file in (tmp_path / "missing.csv", empty, pdf, sample.tender, folder):
        code, zh, en = line.refused("import", file)
        assert code.startswith(("experts/", "hub/"))
        assert file.name in zh
        assert file.name in en
    assert line.run("ledger", "verify").out.startswith("ledger of 1 entries")


def test_the_shipped_catalogue_is_imported_once(expert_hub: Any) -> None:
    assert expert_hub.run("--lang", "en", "catalogue", "import").out == "86 codes: 86 added, 0 renamed\n"
    assert expert_hub.run("catalogue", "import").out == "目录共 86 个代码：新增 0，更名 0\n"


def test_a_catalogue_file_adds_and_renames(expert_hub: Any, tmp_path: Path) -> None:
    line, file = with_catalogue(expert_hub), tmp_path / "more.tsv"
    file.write_text("code\tname\tlevel\tparent\nA\t工程类\t1\t\nA99\t新专业\t2\tA\n", encoding="utf-8")
    assert line.run("--lang", "en", "catalogue", "import", file).out == "2 codes: 1 added, 1 renamed\n"


def test_a_file_that_is_no_catalogue_is_refused(expert_hub: Any, tmp_path: Path) -> None:
    file = tmp_path / "other.tsv"
    for content in (None, b"", b"\xff\xfe\x00", b"no catalogue at all\n"):
        if content is not None:
            file.write_bytes(content)
        code, zh, en = expert_hub.refused("catalogue", "import", file)
        assert code.startswith("experts/")
        assert file.name in zh
        assert file.name in en


def test_venues_are_registered(expert_hub: Any, sample: SamplePaths, tmp_path: Path) -> None:
    assert expert_hub.run("--lang", "en", "venues", "import", sample.venues).out.endswith(" venues registered.\n")
    assert expert_hub.run("venues", "import", sample.venues).code == 0
    broken = tmp_path / "broken.toml"
    broken.write_text("[[venues]\n", encoding="utf-8")
    for file in (broken, sample.tender, tmp_path / "missing.toml"):
        code, zh, en = expert_hub.refused("venues", "import", file)
        assert code == "venues/file-invalid"
        assert file.name in zh
        assert file.name in en


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_same_seed_gives_the_same_bytes(command_line: Any, form: str) -> None:
    written = {}
    for folder, seed in (("a", "7"), ("b", "7"), ("c", "8")):
        options = ("--experts", "40", "--seed", seed, "--out", folder, "--format", form, *STARTS)
        end = command_line.run("--lang", "en", "sample", *options)
        assert (end.code, end.err) == (0, "")
        names = (f"experts.{form}", "tender.toml", "venues.toml", "scores.toml")
        assert end.out == "".join(f"Wrote {folder}/{name}\n" for name in names)
        written[folder] = [(command_line.home / folder / name).read_bytes() for name in names]
    assert written["a"] == written["b"]
    assert written["a"][0] != written["c"][0]


def test_a_sample_in_no_known_form_or_at_no_time_is_refused(command_line: Any) -> None:
    code, zh, en = command_line.refused("sample", "--format", "pdf")
    assert (code, zh) == ("sample/form-unknown", "不支持格式 pdf，请用 csv 或 xlsx。")
    assert en == "There is no form pdf; use csv or xlsx."
    code, zh, en = command_line.refused("sample", "--starts", "tomorrow")
    assert (code, "tomorrow" in zh, "tomorrow" in en) == ("sample/start-malformed", True, True)
    (command_line.home / "taken").write_text("a file")
    assert command_line.refused("sample", "--experts", "1", "--out", "taken")[0] == "hub/file-missing"
    assert not (command_line.home / "var").exists()
