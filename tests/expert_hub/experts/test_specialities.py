"""EL-07, EL-08: the classification of specialities is read with every fault placed on its line."""

import os
from pathlib import Path

import pytest

from expert_hub.experts.specialities import (
    Catalogue,
    CatalogueFault,
    Speciality,
    ancestor_at,
    is_speciality_code,
    level_of,
    parse_catalogue,
    shipped_catalogue,
)

HEAD = "code\tname\tlevel\tparent"
GOOD = [HEAD, "B\t货物\t1\t", "B01\t机电产品类\t2\tB", "B0132\t计算机及网络设备\t3\tB01", "B013207\t网络设备\t4\tB0132"]
FULL_CATALOGUE = os.environ.get("EXPERT_HUB_TEST_CATALOGUE")


def parse(*lines: str, end: str = "\r\n") -> Catalogue:
    return parse_catalogue((end.join(lines) + end).encode(), "c.tsv")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_both_line_ends_are_read(end: str) -> None:
    catalogue = parse(*GOOD, end=end)
    assert len(catalogue) == 4
    assert catalogue.by_code["B013207"] == Speciality("B013207", "网络设备", 4, "B0132")
    assert "B0132" in catalogue
    assert "B0133" not in catalogue


def test_a_byte_order_mark_and_a_missing_last_line_end_are_accepted() -> None:
    assert len(parse_catalogue(b"\xef\xbb\xbf" + "\n".join(GOOD).encode(), "c.tsv")) == 4


def test_a_parent_may_follow_its_child() -> None:
    assert len(parse(HEAD, *reversed(GOOD[1:]))) == 4


@pytest.mark.parametrize(
    ("at", "line", "fault"),
    [
        (0, "code,name,level,parent", "header"),
        (1, "D\t货物\t1\t", "malformed code"),
        (1, "b\t货物\t1\t", "malformed code"),
        (2, "B1\t机电产品类\t2\tB", "malformed code"),
        (2, "B０1\t机电产品类\t2\tB", "malformed code"),
        (4, "B01320701\t网络设备\t5\tB013207", "malformed code"),
        (2, "B01\t 机电产品类\t2\tB", "name empty or with blanks around it"),
        (2, "B01\t\t2\tB", "name empty or with blanks around it"),
        (2, "B01\t机电产品类\t3\tB", "level does not fit the code"),
        (2, "B01\t机电产品类\tx\tB", "level does not fit the code"),
        (3, "B0132\t计算机及网络设备\t3\tB02", "parent does not fit the code"),
        (1, "B\t货物\t1\tA", "parent does not fit the code"),
        (3, "B0132\t计算机及网络设备\t3", "needs four columns"),
        (3, "B0132\t计算机及网络设备\t3\tB01\t", "needs four columns"),
        (3, "", "needs four columns"),
        (4, "B01\t机电产品类\t2\tB", "repeated code"),
        (4, "B013301\t系统软件\t4\tB0133", "parent not listed"),
    ],
)
def test_a_fault_names_its_line(at: int, line: str, fault: str) -> None:
    with pytest.raises(CatalogueFault) as caught:
        parse(*GOOD[:at], line, *GOOD[at + 1 :])
    assert (caught.value.facts["file"], caught.value.facts["line"]) == ("c.tsv", at + 1)
    assert caught.value.facts["fault"] == fault


def test_another_encoding_is_refused_with_the_line() -> None:
    with pytest.raises(CatalogueFault) as caught:
        parse_catalogue("\n".join(GOOD).encode("gb18030"), "c.tsv")
    assert (caught.value.facts["fault"], caught.value.facts["line"]) == ("not UTF-8", 2)


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(CatalogueFault, match="header"):
        parse_catalogue(b"", "c.tsv")


def test_the_shipped_catalogue_holds_the_first_two_levels() -> None:
    catalogue = shipped_catalogue()
    assert [node.name for node in catalogue.at_level(1)] == ["工程", "货物", "服务"]
    assert [len(catalogue.children_of(letter)) for letter in "ABC"] == [9, 9, 13]
    assert len(catalogue.at_level(3)) == 34
    assert len(catalogue.at_level(4)) == 18
    assert catalogue.name_of("B0132") == "计算机及网络设备"
    assert catalogue.name_of("B0199") is None


def test_level_and_ancestor_follow_from_the_code() -> None:
    assert [level_of(code) for code in ("B", "B01", "B0132", "B013207")] == [1, 2, 3, 4]
    assert [ancestor_at("B013207", level) for level in (1, 2, 3, 4)] == ["B", "B01", "B0132", "B013207"]
    assert ancestor_at("B01", 3) == "B01"
    assert is_speciality_code("C")
    assert not is_speciality_code("B0132\n")


@pytest.mark.skipif(FULL_CATALOGUE is None, reason="EXPERT_HUB_TEST_CATALOGUE names no full catalogue")
def test_el_07_counts_of_the_full_catalogue() -> None:
    path = Path(str(FULL_CATALOGUE))
    catalogue = parse_catalogue(path.read_bytes(), path.name)
    assert [len(catalogue.at_level(level)) for level in (1, 2, 3, 4)] == [3, 31, 313, 1793]
    assert sum(not catalogue.children_of(node.code) for node in catalogue.at_level(3)) == 84
    assert sum(code.endswith("99") for code in catalogue.by_code) == 28
    shipped = shipped_catalogue()
    assert {code: catalogue.by_code[code] for code in shipped.by_code} == shipped.by_code
