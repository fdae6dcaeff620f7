from collections.abc import Callable
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.demand import Limit, Quota
from scheduling.drawable import Group, is_drawable, new_solver, reduced_groups
from scheduling.eligibility import Eligibility
from scheduling.panel_problem import limit_members
from scheduling.records import CandidateRecord

Maker = Callable[..., CandidateRecord]
Assessed = Callable[..., Eligibility]
QUOTAS = (Quota("a", "A08", 2), Quota("b", "A09", 1, alternates=1))

person = st.fixed_dictionaries(
    {
        "specialities": st.sampled_from([("A08",), ("A09",), ("A08", "A09")]),
        "title_level": st.sampled_from(["senior", "intermediate"]),
        "region_code": st.sampled_from(["440100", "440300"]),
        "employer_name": st.sampled_from(["", "甲院", "乙院", "丙院"]),
        "kin": st.sampled_from([(), (), ("e0001",), ("e0003",)]),
    }
)
some_limits = st.sampled_from(
    [
        (),
        (Limit("t", "title", ("senior",), 2, 3),),
        (Limit("t", "title", ("senior",), 0, 1), Limit("h", "home", ("4403",), 1, 2)),
    ]
)


def brute_force(eligibility: Eligibility) -> bool:
    """Seat people in every order: two on a, one on b, the last one as an alternate of b."""
    request, pool = eligibility.request, eligibility.pool
    inside = [(limit, limit_members(pool, request, limit)) for limit in request.limits]
    for chosen in permutations(range(len(pool)), 4):
        units = [pool.unit[index] for index in chosen if pool.unit[index] >= 0]
        if not all(eligibility.mask[quota, index] for quota, index in zip((0, 0, 1, 1), chosen, strict=True)):
            continue
        if max(map(units.count, units), default=0) > request.same_employer_max:
            continue
        if any(low in chosen and high in chosen for low, high in eligibility.edges):
            continue
        if all(limit.low <= sum(bool(mine[i]) for i in chosen[:3]) <= limit.high for limit, mine in inside):
            return True
    return False


@settings(max_examples=120, deadline=None)
@given(st.lists(person, max_size=6), some_limits, st.integers(1, 2))
def test_agrees_with_trying_every_panel(
    make_record: Maker, assessed: Assessed, rows: list[dict[str, object]], limits: tuple[Limit, ...], most: int
) -> None:
    records = [make_record(number, **row) for number, row in enumerate(rows)]
    eligibility = assessed(records, quotas=QUOTAS, alternates_per_quota=0, limits=limits, same_employer_max=most)
    assert is_drawable(eligibility) == brute_force(eligibility)


def test_groups_do_not_grow_with_the_library(make_record: Maker, assessed: Assessed) -> None:
    records = [make_record(number, kin=("e0001",) if number == 0 else ()) for number in range(500)]
    eligibility = assessed(records, limits=(Limit("t", "title", ("senior",), 3, 3),))
    groups = reduced_groups(eligibility)
    assert len(groups) == 4 + 2
    assert groups[-1] == Group(1, 1, int(eligibility.pool.unit[1]), 1, 1)
    assert len(reduced_groups(assessed([make_record(n, employer_name="") for n in range(500)]))) == 1


def test_a_large_pool_is_decided(make_record: Maker, assessed: Assessed) -> None:
    records = [make_record(n, employer_name=f"单位{n % 900}", title_level=("senior", "x")[n % 2]) for n in range(5_000)]
    quotas = tuple(Quota(f"q{number}", "A08", 2) for number in range(30))
    eligibility = assessed(records, quotas=quotas, limits=(Limit("t", "title", ("senior",), 30, 30),))
    assert is_drawable(eligibility)


def test_the_search_counts_work_and_no_seconds() -> None:
    parameters = new_solver(3.0).parameters
    assert (parameters.num_workers, parameters.max_deterministic_time) == (1, 3.0)
