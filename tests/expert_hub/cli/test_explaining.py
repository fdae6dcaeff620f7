"""`expert-hub draw explain` on golden transcripts, lotteries of two tables and files that are neither."""

import json
from pathlib import Path
from typing import Any

import pytest

GOLDEN = Path(__file__).resolve().parents[2] / "scheduling" / "golden"


def test_a_draw_is_told_and_painted_in_the_language_that_was_asked_for(command_line: Any) -> None:
    path = GOLDEN / "honest-federated.json"
    end = command_line.run("draw", "explain", path, "--lang", "zh", "--svg", "d.svg", "--png", "d.png")
    assert (end.code, end.err) == (0, "")
    assert "承诺：先固定，后随机" in end.out
    assert "PASS" not in end.out
    assert "FAIL" not in end.out
    assert (command_line.home / "d.svg").read_text("utf-8").startswith("<svg ")
    assert (command_line.home / "d.png").read_bytes().startswith(b"\x89PNG")
    english = command_line.run("--lang", "en", "draw", "explain", path)
    assert "Commitment: fixed before chance" in english.out


@pytest.mark.parametrize("name", ["honest-parties", "cheat-04"])
def test_the_verdict_is_that_of_the_verifier(command_line: Any, name: str) -> None:
    policy = GOLDEN / json.loads((GOLDEN / "index.json").read_text("utf-8"))[name]["policy"]
    arguments = (GOLDEN / f"{name}.json", "--policy", policy)
    verdict = command_line.run("draw", "verify", *arguments)
    told = command_line.run("draw", "explain", *arguments, "--lang", "en")
    assert told.code == verdict.code
    assert told.out.endswith(verdict.out)
    assert "draw verified: " in verdict.out


def test_a_lottery_of_two_tables_is_told_and_painted(command_line: Any) -> None:
    people = "name,field,employer\nAda,law,A\nBo,law,A\nCy,cost,B\nDi,cost,C\nEd,cost,C\nFa,cost,D\n"
    (command_line.home / "people.csv").write_text(people, encoding="utf-8")
    (command_line.home / "quotas.csv").write_text("category,feature,min,max\nfield,law,1,1\nfield,cost,2,2\n", "utf-8")
    tables = ("--people", "people.csv", "--quotas", "quotas.csv")
    assert command_line.run("draw", "lottery", *tables, "--distinct", "employer", "--out", "lottery.json").code == 0
    end = command_line.run("draw", "explain", "--lottery", "lottery.json", "--svg", "l.svg", "--lang", "en")
    assert (end.code, end.err) == (0, "")
    assert "class 1" in end.out
    assert "Commitment" not in end.out
    assert "1. From the library to the seats" in (command_line.home / "l.svg").read_text("utf-8")


def test_members_are_put_on_the_map(command_line: Any) -> None:
    (command_line.home / "members.json").write_text('[{"seat": 0, "region_code": "440100"}]', encoding="utf-8")
    path = GOLDEN / "honest-public.json"
    end = command_line.run("draw", "explain", path, "--members", "members.json", "--svg", "d.svg", "--lang", "en")
    assert end.code == 0
    assert "1 of the members" in (command_line.home / "d.svg").read_text("utf-8")


@pytest.mark.parametrize("option", [(), ("--lottery",), ("--members",)])
@pytest.mark.parametrize("content", ["", "{}", "[1]", "[" * 20_000, '{"protocol":"XD-1"}', "\x1b[2J"])
def test_files_of_another_form_are_refused_in_both_languages(command_line: Any, option: Any, content: str) -> None:
    (command_line.home / "x.json").write_text(content, encoding="utf-8")
    first = (GOLDEN / "honest-public.json",) if option == ("--members",) else ()
    code, zh, en = command_line.refused("draw", "explain", *first, *option, "x.json")
    assert code == "draws/file-unreadable"
    assert zh.startswith("文件 x.json ")
    assert en.startswith("The file x.json ")


def test_a_file_that_is_not_there_is_refused(command_line: Any) -> None:
    assert command_line.refused("draw", "explain", "missing.json")[0] == "hub/file-missing"


@pytest.mark.parametrize("arguments", [(), ("a.json", "--lottery", "b.json"), ("--lottery", "b.json", "--policy", "p")])
def test_one_file_is_told_at_a_time(command_line: Any, arguments: tuple[str, ...]) -> None:
    end = command_line.run("draw", "explain", *arguments)
    assert end.code == 2
    assert "Traceback" not in end.err


def test_only_two_languages_are_spoken(command_line: Any) -> None:
    assert command_line.run("draw", "explain", GOLDEN / "honest-public.json", "--lang", "fr").code == 2
