from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from expert_hub.experts.csv_reading import find_delimiter, read_rows, survey
from expert_hub.experts.errors import UnreadableEncoding


def rows_of(path: Path, encoding: str = "utf-8") -> list[tuple[int, list[str] | str]]:
    return [(row.number, row.fault or row.cells) for row in read_rows(path, encoding, ",")]


def test_an_open_quotation_mark_spoils_one_row(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text('a,b\n1,"open\n2,"b"x\n3,4\n', encoding="utf-8")
    fault = "experts/quotation-open"
    assert rows_of(path) == [(1, ["a", "b"]), (2, fault), (3, fault), (4, ["3", "4"])]


def test_an_open_quotation_mark_does_not_swallow_a_long_file(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text('1,"open\n' + "2,3\n" * 1_000, encoding="utf-8")
    found = rows_of(path)
    assert found[0] == (1, "experts/quotation-open")
    assert found[1:] == [(number, ["2", "3"]) for number in range(2, 1_002)]


def test_an_endless_line_is_cut_and_the_next_is_read(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("1," + "x" * 300_000 + "\n2,3\n", encoding="utf-8")
    found = rows_of(path)
    assert len(found[0][1][1]) < 100_001
    assert found[1] == (2, ["2", "3"])


def test_a_broken_line_does_not_change_the_encoding_of_the_others(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    good = "姓名,职称\n王伟,工程师\n赵云,工程师\n".encode()
    path.write_bytes(good + "李四,教授\n".encode("gb18030") + b"\xff\xff,x\n")
    result = survey(path)
    assert (result.encoding, result.lines) == ("utf-8", 5)
    assert rows_of(path)[1] == (2, ["王伟", "工程师"])
    assert "\ufffd" in rows_of(path)[4][1][0]


def test_the_first_undecodable_row_is_named(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(b"name,title\n" + b"\xff\xff,\xff\n" * 3)
    with pytest.raises(UnreadableEncoding) as refusal:
        survey(path)
    assert refusal.value.facts["row"] == 2


def test_delimiter_is_the_one_that_names_columns(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("a;b,c,d,e\nname;mobile\n", encoding="utf-8")
    assert find_delimiter(path, "utf-8") == ";"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.binary(max_size=400))
def test_no_bytes_whatever_break_the_reader(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(content)
    assert [number for number, _ in rows_of(path)] == list(range(1, len(rows_of(path)) + 1))
