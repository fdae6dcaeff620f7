"""The line of a key is found in every form a pack may take."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expert_hub.foundation.toml_lines import key_lines

ONE_PER_LINE = """# comment with a = 1
[pack]
id = "a # not a comment"
floors = [
    "x.y",
    "z = 3",
]

[rules]
committee.min_members = [5, "O87 47", "verified"]
committee."odd" = [true, 'c:\\d', "verified"]
"""
GROUPED = """pack = { id = "a", on = 2017-10-01 }
[rules]
committee = { min_members = [5, "{", "v"], odd = [true, "b = [", "v"] }
leader = { method = ["elect", "c", "v"] }
"""


def test_one_key_per_line() -> None:
    assert key_lines(ONE_PER_LINE) == {
        ("pack",): 2,
        ("pack", "id"): 3,
        ("pack", "floors"): 4,
        ("rules",): 9,
        ("rules", "committee", "min_members"): 10,
        ("rules", "committee", "odd"): 11,
    }


def test_grouped_on_one_line() -> None:
    assert key_lines(GROUPED) == {
        ("pack",): 1,
        ("pack", "id"): 1,
        ("pack", "on"): 1,
        ("rules",): 2,
        ("rules", "committee"): 3,
        ("rules", "committee", "min_members"): 3,
        ("rules", "committee", "odd"): 3,
        ("rules", "leader"): 4,
        ("rules", "leader", "method"): 4,
    }


def test_multi_line_strings_array_tables_and_crlf() -> None:
    text = 'a = """x\n[no]\nb = 1"""\r\n[[t]]\r\nd = [{ e = 1 }, [2, 3]]\r\nf = 1.5 # g = 1\r\nh = 07:32:00\r\n'
    tomllib.loads(text)
    assert key_lines(text) == {
        ("a",): 1,
        ("t",): 4,
        ("t", "d"): 5,
        ("t", "d", "e"): 5,
        ("t", "f"): 6,
        ("t", "h"): 7,
    }


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment", "[a.b]"])
def test_texts_without_pairs(text: str) -> None:
    assert key_lines(text) == ({("a", "b"): 1} if "[" in text else {})


@given(st.lists(st.text(max_size=20), max_size=8))
def test_any_string_value_leaves_the_lines_in_order(values: list[str]) -> None:
    def quoted(value: str) -> str:
        return "".join(
            f"\\U{ord(char):08x}" if not char.isascii() or not char.isprintable() else char
            for char in value.replace("\\", "\\\\").replace('"', '\\"')
        )

    values = [value.encode("utf-8", "ignore").decode() for value in values]
    text = "".join(f'k{number} = "{quoted(value)}"\n' for number, value in enumerate(values))
    assert list(tomllib.loads(text).values()) == values
    assert key_lines(text) == {(f"k{number}",): number + 1 for number in range(len(values))}
