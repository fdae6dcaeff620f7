import pytest
from hypothesis import given
from hypothesis import strategies as st

from expert_hub.foundation.errors import InvalidInput
from expert_hub.foundation.pagination import decode_cursor, encode_cursor, page_of


@given(st.text(st.characters(exclude_characters="\x00", codec="utf-8")))
def test_a_cursor_carries_any_key_that_a_database_can_hold(key: str) -> None:
    if "\x00" not in key:
        assert decode_cursor(encode_cursor(key)) == key


@pytest.mark.parametrize("cursor", ["%", "a", "_w", "AAAA=A", encode_cursor("a\x00b")])
def test_foreign_cursors_are_refused(cursor: str) -> None:
    with pytest.raises(InvalidInput):
        decode_cursor(cursor)


def test_pages_follow_each_other_without_gap() -> None:
    rows = ["a", "b", "c", "d", "e"]
    seen: list[str] = []
    cursor = None
    while True:
        after = decode_cursor(cursor)
        fetched = [row for row in rows if after is None or row > after][:3]
        page = page_of(fetched, fetched, 2)
        seen += page.items
        cursor = page.next
        if cursor is None:
            break
    assert seen == rows


def test_no_cursor_carries_a_nul() -> None:
    with pytest.raises(InvalidInput):
        decode_cursor(encode_cursor("a\x00b"))
