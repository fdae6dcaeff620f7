from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expert_hub.draws.contributors.chains import (
    MAX_LENGTH,
    ChainState,
    accept,
    assign,
    known_link,
    link_of,
    registered,
    retire,
    tip_of,
    verify_link,
)
from expert_hub.draws.errors import ChainExhausted, ChainRetired, LinkInvalid, LinkNotAssigned

ROOT = bytes(range(32))


def digest(tag: bytes, part: bytes) -> bytes:
    """The digest of the protocol, written out."""
    return sha256(len(tag).to_bytes(8, "big") + tag + len(part).to_bytes(8, "big") + part).digest()


def state_after(length: int, used: int) -> ChainState:
    state = registered(tip_of(ROOT, length), length)
    for _ in range(used):
        state, _ = assign(state)
    return state


def test_a_chain_of_two_by_hand() -> None:
    top = digest(b"chain", ROOT)
    assert link_of(ROOT, 2, 2) == top
    assert link_of(ROOT, 2, 1) == digest(b"link", top)
    assert tip_of(ROOT, 2) == digest(b"link", digest(b"link", top))


@settings(deadline=None)
@given(st.binary(min_size=32, max_size=32), st.integers(1, 40), st.data())
def test_every_link_leads_to_every_lower_one_in_exactly_the_right_steps(root: bytes, length: int, data: st.DataObject):
    high = data.draw(st.integers(1, length))
    low = data.draw(st.integers(0, high - 1))
    link, known = link_of(root, length, high), link_of(root, length, low)
    assert [steps for steps in range(-1, length + 2) if verify_link(known, steps, link)] == [high - low]


def test_the_longest_chain_is_checked_and_no_longer_one() -> None:
    link = link_of(ROOT, MAX_LENGTH, MAX_LENGTH)
    tip = tip_of(ROOT, MAX_LENGTH)
    assert verify_link(tip, MAX_LENGTH, link)
    above = digest(b"link", tip)
    assert not verify_link(above, MAX_LENGTH + 1, link)
    assert not verify_link(tip, MAX_LENGTH, link[:-1])


@pytest.mark.parametrize(
    ("root", "length", "index"),
    [(ROOT, 0, 0), (ROOT, MAX_LENGTH + 1, 1), (ROOT, 5, 6), (ROOT, 5, -1), (ROOT[:-1], 5, 1)],
)
def test_what_is_no_link_is_a_mistake_of_the_program(root: bytes, length: int, index: int) -> None:
    with pytest.raises(ValueError, match="no such link"):
        link_of(root, length, index)


@pytest.mark.parametrize(("tip", "length"), [(b"", 5), (ROOT, 0), (ROOT, MAX_LENGTH + 1)])
def test_what_is_no_chain_is_a_mistake_of_the_program(tip: bytes, length: int) -> None:
    with pytest.raises(ValueError, match="no such chain"):
        registered(tip, length)


def test_links_are_given_in_order_until_none_is_left() -> None:
    state = registered(tip_of(ROOT, 3), 3)
    given_out = []
    for _ in range(3):
        state, index = assign(state)
        given_out.append(index)
    assert given_out == [1, 2, 3]
    with pytest.raises(ChainExhausted):
        assign(state)


@given(st.permutations(range(1, 7)))
def test_draws_at_the_same_time_may_reveal_in_any_order(order: list[int]) -> None:
    state = state_after(length=10, used=6)
    for index in order:
        state = accept(state, index, link_of(ROOT, 10, index))
    assert (state.revealed, state.last) == (6, link_of(ROOT, 10, 6))
    assert [known_link(state, index) for index in range(7)] == [link_of(ROOT, 10, index) for index in range(7)]
    assert known_link(state, 7) is None
    assert known_link(state, -1) is None


@given(st.integers(1, 10), st.integers(1, 10), st.integers(1, 10))
def test_a_link_of_another_index_is_refused(revealed: int, asked: int, shown: int) -> None:
    state = accept(state_after(10, 10), revealed, link_of(ROOT, 10, revealed))
    if asked == shown:
        assert accept(state, asked, link_of(ROOT, 10, shown)).revealed == max(revealed, asked)
        return
    with pytest.raises(LinkInvalid):
        accept(state, asked, link_of(ROOT, 10, shown))


@pytest.mark.parametrize("index", [-1, 0, 4, 11])
def test_a_link_that_no_draw_asked_for_is_refused(index: int) -> None:
    with pytest.raises(LinkNotAssigned):
        accept(state_after(length=10, used=3), index, link_of(ROOT, 10, min(max(index, 0), 10)))


def test_a_link_of_another_chain_is_refused() -> None:
    for link in (link_of(ROOT[::-1], 10, 2), link_of(ROOT, 11, 2), b"", bytes(32)):
        with pytest.raises(LinkInvalid):
            accept(state_after(10, 3), 2, link)


def test_a_retired_chain_finishes_its_draws_and_gets_no_new_one() -> None:
    state = retire(state_after(10, 3))
    assert accept(state, 3, link_of(ROOT, 10, 3)) == replace(state, revealed=3, last=link_of(ROOT, 10, 3))
    with pytest.raises(ChainRetired):
        assign(state)
