from collections import Counter
from collections.abc import Callable
from itertools import permutations

import pytest

from scheduling.artefact import Lottery, lottery_document
from scheduling.draw import CandidateRecord, DrawRequest, Eligibility, Quota, build_lottery
from scheduling.errors import NoFeasiblePanelError, PoolTooSmallError, RequestChangedError, TooTangledError
from scheduling.order import Rules, draw_order
from scheduling.seed import h

Maker = Callable[..., CandidateRecord]
Assessed = Callable[..., Eligibility]
DRAWS = 20_000
QUOTAS = (Quota("a", "A08", 1), Quota("b", "A09", 1))


def built(eligibility: Eligibility) -> Lottery:
    return build_lottery(eligibility, eligibility.request)


def mixed_pool(make_record: Maker) -> list[CandidateRecord]:
    """Six persons: two colleagues, two relatives, one who fits both quotas."""
    codes = [("A08",), ("A08",), ("A08", "A09"), ("A09",), ("A09",), ("A09",)]
    employers = ["甲", "乙", "丙", "甲", "丁", "戊"]
    kin = [(), ("e0004",), (), (), (), ()]
    return [
        make_record(number, specialities=codes[number], employer_name=employers[number], kin=kin[number])
        for number in range(6)
    ]


def feasible(lottery: Lottery, eligibility: Eligibility) -> list[tuple[int, ...]]:
    rules = Rules(lottery.policy, lottery.units)
    members = [eligibility.members(number) for number in range(len(eligibility.request.quotas))]

    def is_feasible(persons: tuple[int, ...]) -> bool:
        fits = all(person in members[seat.quota] for seat, person in zip(lottery.seats, persons, strict=True))
        return fits and all(rules.can_join(person, persons[:place]) for place, person in enumerate(persons))

    return [item for item in permutations(range(len(eligibility.pool)), len(lottery.seats)) if is_feasible(item)]


def assert_uniform(lottery: Lottery, expected: list[tuple[int, ...]]) -> None:
    counts: Counter[tuple[int, ...]] = Counter()
    for number in range(DRAWS):
        drawn = draw_order(lottery, h("uniformity", number.to_bytes(4, "big")))
        assert drawn is not None
        counts[drawn.persons] += 1
    share = 1 / len(expected)
    sigma = (DRAWS * share * (1 - share)) ** 0.5
    assert set(counts) == set(expected)
    assert all(abs(count - DRAWS * share) < 4 * sigma for count in counts.values())


def test_dr_08_every_feasible_assignment_is_equally_likely(make_record: Maker, assessed: Assessed) -> None:
    eligibility = assessed(mixed_pool(make_record), quotas=QUOTAS, alternates_per_quota=0)
    lottery = built(eligibility)
    assert lottery.kind == "uniform"
    expected = feasible(lottery, eligibility)
    assert 1 < len(expected) < 3 * 4
    assert_uniform(lottery, expected)


def test_dr_11_with_alternates_the_whole_order_is_equally_likely(make_record: Maker, assessed: Assessed) -> None:
    eligibility = assessed([make_record(number) for number in range(5)], quotas=(Quota("a", "A08", 2),))
    lottery = built(eligibility)
    expected = feasible(lottery, eligibility)
    assert len(expected) == 60
    assert_uniform(lottery, expected)


def tangled_pool(make_record: Maker) -> list[CandidateRecord]:
    """Nine persons for nine places, and a tenth who is related to two of them."""
    records = [make_record(number) for number in range(9)]
    return [*records, make_record(9, kin=("e0000", "e0001"))]


def test_small_pool_becomes_a_listed_portfolio(make_record: Maker, assessed: Assessed) -> None:
    lottery = built(
        assessed(tangled_pool(make_record), quotas=(Quota("a", "A08", 7),), alternates_per_quota=2, request_id="r2")
    )
    # Nobody sits with his relatives, and nine places need nine of ten: only the one without the tenth person.
    assert (lottery.kind, len(lottery.templates), lottery.candidates) == ("portfolio", 1, 9)
    assert lottery_document(lottery)["inclusion"] == {"denominator": 9, "numerators": [7] * 9}


def test_portfolio_is_uniform_over_ordered_assignments_too(
    make_record: Maker, assessed: Assessed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scheduling.lottery.TRIAL_TRIES", 0)
    eligibility = assessed(mixed_pool(make_record), quotas=QUOTAS, alternates_per_quota=0)
    lottery = built(eligibility)
    members = [group.members[0] for group in lottery.classes]
    expected = feasible(lottery, eligibility)
    assert lottery.kind == "portfolio"
    assert sorted(tuple(members[number] for number in item.classes) for item in lottery.templates) == sorted(expected)
    assert_uniform(lottery, expected)


def test_gdf_21_relatives_everywhere_leave_no_panel(make_record: Maker, assessed: Assessed) -> None:
    everybody = tuple(f"e{number:04}" for number in range(5))
    with pytest.raises(NoFeasiblePanelError) as caught:
        built(assessed([make_record(number, kin=everybody) for number in range(5)]))
    assert caught.value.facts == {"candidates": 5}


def clans(make_record: Maker, count: int) -> list[CandidateRecord]:
    """``count`` families of twenty: a panel takes one of each."""
    families = [[f"e{number:04}" for number in range(family, 20 * count, count)] for family in range(count)]
    return [make_record(number, kin=tuple(families[number % count])) for number in range(20 * count)]


def test_rare_but_reachable_panels_are_drawn_by_rejection(make_record: Maker, assessed: Assessed) -> None:
    eligibility = assessed(
        clans(make_record, 10), quotas=(Quota("a", "A08", 8),), alternates_per_quota=2, request_id="r2"
    )
    assert built(eligibility).kind == "uniform"


def test_too_tangled_is_said_and_not_guessed(make_record: Maker, assessed: Assessed) -> None:
    eligibility = assessed(
        clans(make_record, 14), quotas=(Quota("a", "A08", 12),), alternates_per_quota=2, request_id="r2"
    )
    with pytest.raises(TooTangledError) as caught:
        built(eligibility)
    assert caught.value.facts == {"accepted": 0, "tries": 20_000}


def test_chapter_3_small_pool_is_refused(make_record: Maker, assessed: Assessed) -> None:
    with pytest.raises(PoolTooSmallError):
        built(assessed([make_record(number) for number in range(3)]))


def test_chapter_3_changed_request_is_refused(
    make_record: Maker, assessed: Assessed, make_request: Callable[..., DrawRequest]
) -> None:
    with pytest.raises(RequestChangedError):
        build_lottery(assessed([make_record(number) for number in range(9)]), make_request(request_id="r2"))
