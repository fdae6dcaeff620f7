from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np

from scheduling.columns import (
    OPEN_END,
    Column,
    Vocabulary,
    day_or_open,
    integers,
    microseconds,
    owners_of,
    where_text,
)


def test_vocabulary_numbers_texts_in_order_of_first_use_and_keeps_zero_for_none() -> None:
    vocabulary = Vocabulary()
    assert vocabulary.numbers(["b", "", "a", "b"]).tolist() == [1, 0, 2, 1]
    assert vocabulary.texts() == ("", "b", "a")


def test_owners_have_at_least_one_wanted_text() -> None:
    column = Column(integers([0, 0, 2]), integers([1, 2, 1]), ("", "A08", "B01"))
    wanted = where_text(column.texts, lambda text: text.startswith("A"))
    assert wanted.tolist() == [False, True, False]
    assert owners_of(column, wanted, 4).tolist() == [True, False, True, False]
    assert not owners_of(column, np.zeros(3, dtype=np.bool_), 4).any()


def test_instants_are_counted_in_utc() -> None:
    assert microseconds(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)) == 1_000_000
    assert microseconds(datetime(1970, 1, 1, 8, tzinfo=timezone(timedelta(hours=8)))) == 0


def test_an_open_end_is_after_every_day() -> None:
    assert day_or_open(None) == OPEN_END > day_or_open(date.max)
