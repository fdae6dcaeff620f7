from pathlib import Path

from tools.rule_index import HEAD, TARGET, page, rows, sources

ROOT = Path(__file__).resolve().parents[2]


def plant(root: Path, text: str) -> None:
    (root / "evaluation").mkdir()
    (root / "evaluation" / "sheets.py").write_text(text, encoding="utf-8")


def test_the_page_says_what_the_code_says():
    assert (ROOT / TARGET).read_text(encoding="utf-8") == page(ROOT), "run: make format"


def test_several_sources_make_several_rows():
    assert sources("Sum.\n\nSource: 财政部令第87号 第55条; domain DR-11;\n    engineering choice.") == [
        "财政部令第87号 第55条",
        "DR-11",
    ]


def test_a_source_in_one_line_counts():
    assert sources("A seat. Source: 电子招标投标办法 第33条.") == ["电子招标投标办法 第33条"]


def test_an_engineering_choice_is_not_an_article():
    assert sources("Sum.\n\nSource: engineering choice") == []
    assert sources("Sum.") == []


def test_a_row_names_the_function_and_its_test(tmp_path):
    plant(tmp_path, 'def total():\n    """Sum. Source: A 1."""\n\n\ndef _part():\n    """Part. Source: A 2."""\n')
    assert rows(tmp_path) == [("A 1", "evaluation.sheets.total", "-")]
    test = tmp_path / "tests" / "evaluation" / "test_sheets.py"
    test.parent.mkdir(parents=True)
    test.touch()
    assert page(tmp_path) == HEAD + "| A 1 | `evaluation.sheets.total` | `tests/evaluation/test_sheets.py` |\n"
