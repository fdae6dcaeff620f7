"""`expert-hub draw verify` on what is no transcript at all; whole and altered ones are in the scenario of the demo."""

import json
from typing import Any

import pytest

from scheduling.canonical import decode
from scheduling.fair import fair_from_document


@pytest.mark.parametrize("content", [b"", b"not json", b"{}", b"[]", b'"text"', b"\xff\xfe", b"[" * 20_000, b"1e999"])
def test_a_file_that_is_no_transcript_fails_with_the_rule(command_line: Any, content: bytes) -> None:
    path = command_line.home / "transcript.json"
    path.write_bytes(content)
    (command_line.home / "policy.json").write_text("{}")
    end = command_line.run("draw", "verify", path, "--policy", "policy.json")
    assert (end.code, end.err) == (1, "")
    *findings, verdict = end.out.splitlines()
    assert findings
    assert verdict == "draw verified: FAIL"


def test_a_file_that_cannot_be_read_is_refused(command_line: Any) -> None:
    (command_line.home / "there.json").write_text("{}")
    for path in ("missing.json", "."):
        for files in ((path, "there.json"), ("there.json", path)):
            code, zh, en = command_line.refused("draw", "verify", files[0], "--policy", files[1])
            assert code == "hub/file-missing"
            assert zh.startswith(f"无法读取文件 {path}：")
            assert en.startswith(f"The file {path} cannot be read: ")


def test_without_a_policy_nothing_is_verified(command_line: Any) -> None:
    end = command_line.run("draw", "verify", "transcript.json")
    assert (end.code, end.out) == (2, "")
    assert "--policy" in end.err


def test_nothing_of_the_hub_is_needed(command_line: Any) -> None:
    path = command_line.home / "transcript.json"
    path.write_bytes(b"{}")
    nowhere = "postgresql://nobody@127.0.0.1:1/none"
    assert command_line.run("draw", "verify", path, "--policy", path, DATABASE_URL=nowhere).code == 1
    assert [entry.name for entry in command_line.home.iterdir() if not entry.name.startswith("std")] == [path.name]


PEOPLE = "name,field,employer\nAda,law,A\nBo,law,A\nCy,cost,B\nDi,cost,C\nEd,cost,C\nFa,cost,D\n"
QUOTAS = "category,feature,min,max\nfield,law,1,1\nfield,cost,2,2\n"


def write_tables(home: Any, people: str = PEOPLE, quotas: str = QUOTAS) -> tuple[str, ...]:
    (home / "people.csv").write_text(people, encoding="utf-8")
    (home / "quotas.csv").write_text(quotas, encoding="utf-8")
    return "draw", "lottery", "--people", "people.csv", "--quotas", "quotas.csv"


def test_a_fair_lottery_is_built_from_two_tables(command_line: Any) -> None:
    arguments = write_tables(command_line.home)
    end = command_line.run(*arguments, "--distinct", "employer", "--out", "lottery.json")
    assert (end.code, end.err) == (0, "")
    found = json.loads(end.out)
    assert {"seconds", "people", "seats", "classes", "gini", "entropy_bits", "max_pair_probability"} <= set(found)
    assert (found["people"], found["seats"]) == (6, 3)
    assert found["upper_bound"] == pytest.approx(0.5)
    assert 0.495 <= found["min_probability"] <= found["max_probability"] <= 0.505
    lottery = fair_from_document(decode((command_line.home / "lottery.json").read_bytes()))
    assert lottery.figures.min_probability == pytest.approx(found["min_probability"])


@pytest.mark.parametrize(
    ("people", "quotas", "extra", "code"),
    [
        ("", QUOTAS, (), "draw/quota-table"),
        (PEOPLE, "a,b\n1,2\n", (), "draw/quota-table"),
        (PEOPLE, QUOTAS.replace("1,1", "one,1"), (), "draw/quota-table"),
        (PEOPLE, QUOTAS, ("--distinct", "boss"), "draw/unknown-column"),
        (PEOPLE.replace("field", "feld"), QUOTAS, (), "draw/unknown-column"),
        (PEOPLE.replace("Bo,law", "Bo,low"), QUOTAS, (), "draw/unquoted-feature"),
        (PEOPLE, QUOTAS.replace("2,2", "1,2"), (), "draw/seats-unknown"),
        (PEOPLE, QUOTAS, ("--seats", "4"), "draw/infeasible-quotas"),
        (PEOPLE, QUOTAS.replace("cost,2,2", "cost,5,5"), (), "draw/infeasible-quotas"),
        (PEOPLE.replace(",B\n", ",A\n").replace(",D\n", ",A\n"), QUOTAS, ("--distinct", "employer"), None),
    ],
)
def test_wrong_tables_are_refused_in_both_languages(
    command_line: Any, people: str, quotas: str, extra: tuple[str, ...], code: str | None
) -> None:
    found, zh, en = command_line.refused(*write_tables(command_line.home, people, quotas), *extra)
    assert found == (code or "draw/infeasible-quotas")
    assert zh != en
