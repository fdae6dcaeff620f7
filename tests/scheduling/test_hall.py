from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.hall import assign, connected_unions, quotas_in

problems = st.integers(1, 4).flatmap(
    lambda quotas: st.tuples(
        st.lists(st.integers(1, 2**quotas - 1), min_size=1, max_size=5),
        st.lists(st.integers(1, 3), min_size=quotas, max_size=quotas),
    )
)


def room(union: int, counts: list[int]) -> int:
    return sum(counts[quota] for quota in quotas_in(union))


def wanted(union: int, masks: list[int], seats: tuple[int, ...]) -> int:
    return sum(many for mask, many in zip(masks, seats, strict=True) if not mask & ~union)


def is_placeable(masks: list[int], seats: tuple[int, ...], counts: list[int]) -> bool:
    """Try every quota for every seat."""
    people = [quotas_in(mask) for mask, many in zip(masks, seats, strict=True) for _ in range(many)]
    return any(all(chosen.count(quota) == count for quota, count in enumerate(counts)) for chosen in product(*people))


@settings(max_examples=150, deadline=None)
@given(problems, st.data())
def test_seats_fit_exactly_when_no_union_is_overfull(problem: tuple[list[int], list[int]], data: st.DataObject) -> None:
    masks, counts = problem
    total = min(sum(counts), 6)
    counts = counts if sum(counts) == total else [*counts[:-1], max(0, total - sum(counts[:-1]))]
    total = sum(counts)
    cuts = sorted(data.draw(st.lists(st.integers(0, total), min_size=len(masks) - 1, max_size=len(masks) - 1)))
    seats = tuple(high - low for low, high in zip([0, *cuts], [*cuts, total], strict=True))
    unions, is_all = connected_unions(masks, 10_000)
    keeps = all(wanted(union, masks, seats) <= room(union, counts) for union in unions)
    found = assign(masks, seats, counts)
    assert is_all
    if total <= 6:
        assert keeps == is_placeable(masks, seats, counts)
    assert keeps == (not found.blocked)
    if found.blocked:
        assert wanted(found.blocked, masks, seats) > room(found.blocked, counts)
        return
    for (kind, quota), many in found.placed.items():
        assert masks[kind] >> quota & 1
        assert many > 0
    per_kind = [sum(many for (own, _), many in found.placed.items() if own == kind) for kind in range(len(masks))]
    per_quota = [sum(many for (_, own), many in found.placed.items() if own == quota) for quota in range(len(counts))]
    assert (tuple(per_kind), per_quota) == (seats, counts)


def test_unions_are_only_those_of_masks_that_touch() -> None:
    assert connected_unions([0b001, 0b010, 0b110, 0, 0b001], 100) == ([0b001, 0b010, 0b110], True)
    assert connected_unions([0b011, 0b110], 100) == ([0b011, 0b110, 0b111], True)


def test_unions_of_a_chain_of_sixty_quotas_are_few_and_of_a_star_are_given_up() -> None:
    chain = [0b11 << number for number in range(59)]
    unions, is_all = connected_unions(chain, 400_000)
    assert (len(unions), is_all) == (59 * 60 // 2, True)
    star = [1 | 1 << number for number in range(1, 60)]
    assert not connected_unions(star, 10_000)[1]


def test_a_seat_that_must_push_others_along_a_chain_is_placed() -> None:
    masks = [0b011, 0b110, 0b001]
    assert assign(masks, [1, 1, 1], [1, 1, 1]).placed == {(0, 1): 1, (1, 2): 1, (2, 0): 1}
