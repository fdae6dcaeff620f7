"""A value is accepted only in the declared form of its key."""

from typing import Any

import pytest

from expert_hub.foundation.pack_types import Form, KeyType

WORDS = frozenset({"stop", "argued_vote"})


@pytest.mark.parametrize(
    ("key_type", "value"),
    [
        (KeyType(Form.INTEGER), 0),
        (KeyType(Form.INTEGER, frozenset({"never"})), "never"),
        (KeyType(Form.BOOLEAN), False),
        (KeyType(Form.BOOLEAN, frozenset({"trim_table"})), "trim_table"),
        (KeyType(Form.DECIMAL), "0.30"),
        (KeyType(Form.DECIMAL), "1"),
        (KeyType(Form.FRACTION), "2/3"),
        (KeyType(Form.DURATION), "60min"),
        (KeyType(Form.DURATION), "2wd"),
        (KeyType(Form.SPAN), "10min"),
        (KeyType(Form.TEXT), "招标人; approval by local rule"),
        (KeyType(Form.WORD, WORDS), "stop"),
        (KeyType(Form.WORDS, WORDS), ["stop", "argued_vote"]),
        (KeyType(Form.TEXTS), ["P1"]),
        (KeyType(Form.INTEGERS), [6, 12]),
    ],
)
def test_accepted(key_type: KeyType, value: Any) -> None:
    assert key_type.accepts(value)


@pytest.mark.parametrize(
    ("key_type", "value"),
    [
        (KeyType(Form.INTEGER), True),
        (KeyType(Form.INTEGER), -1),
        (KeyType(Form.INTEGER), "5"),
        (KeyType(Form.INTEGER), 5.0),
        (KeyType(Form.INTEGER), "never"),
        (KeyType(Form.BOOLEAN), 1),
        (KeyType(Form.BOOLEAN), "true"),
        (KeyType(Form.DECIMAL), 0.3),
        (KeyType(Form.DECIMAL), "0,30"),
        (KeyType(Form.DECIMAL), "-0.30"),
        (KeyType(Form.DECIMAL), "０.30"),
        (KeyType(Form.FRACTION), "2/0"),
        (KeyType(Form.FRACTION), "0.66"),
        (KeyType(Form.DURATION), "60 min"),
        (KeyType(Form.DURATION), "5"),
        (KeyType(Form.DURATION), "2w"),
        (KeyType(Form.SPAN), "2wd"),
        (KeyType(Form.SPAN), "1y"),
        (KeyType(Form.TEXT), " "),
        (KeyType(Form.WORD, WORDS), "go"),
        (KeyType(Form.WORD, WORDS), ["stop"]),
        (KeyType(Form.WORDS, WORDS), []),
        (KeyType(Form.WORDS, WORDS), ["stop", "stop"]),
        (KeyType(Form.WORDS, WORDS), "stop"),
        (KeyType(Form.WORDS, WORDS), [1]),
        (KeyType(Form.TEXTS), ["", "P1"]),
        (KeyType(Form.TEXTS), [1]),
        (KeyType(Form.INTEGERS), [True]),
        (KeyType(Form.TEXT), {"a": 1}),
    ],
)
def test_refused(key_type: KeyType, value: Any) -> None:
    assert not key_type.accepts(value)


def test_a_type_names_itself() -> None:
    assert str(KeyType(Form.DURATION)) == "duration"
    assert str(KeyType(Form.WORD, WORDS)) == "word(argued_vote | stop)"
    assert str(KeyType(Form.INTEGER, frozenset({"never"}))) == "integer | never"
