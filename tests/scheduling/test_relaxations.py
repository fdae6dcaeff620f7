from collections.abc import Callable
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.concessions import Concession, changes_of, relaxed
from scheduling.demand import Limit, Quota, VenueGroup
from scheduling.drawable import is_drawable
from scheduling.eligibility import Eligibility, assess
from scheduling.pool import Pool
from scheduling.records import CandidateRecord
from scheduling.relaxation_model import RelaxationModel
from scheduling.relaxations import MOST_OFFERS, Relaxation, relaxations
from scheduling.request import DrawRequest

Maker = Callable[..., CandidateRecord]
Assessed = Callable[..., Eligibility]
Offer = dict[Concession, int]


def does(eligibility: Eligibility, offer: Offer) -> bool:
    return is_drawable(assess(eligibility.pool, relaxed(eligibility.request, offer)))


def smaller(offer: Offer, allowed: dict[Concession, tuple[int, ...]]) -> list[Offer]:
    """Return the offers with one step less."""
    found = []
    for concession, steps in offer.items():
        before = allowed[concession][allowed[concession].index(steps) - 1]
        rest = {item: many for item, many in offer.items() if item != concession}
        found.append({**rest, concession: before} if before else rest)
    return found


def minimal_offers(eligibility: Eligibility, model: RelaxationModel) -> list[Offer]:
    """Try every combination of concessions."""
    allowed = dict(model.allowed())
    offers = [
        {concession: steps for concession, steps in zip(allowed, way, strict=True) if steps}
        for way in product(*allowed.values())
    ]
    good = [offer for offer in offers if does(eligibility, offer)]
    return [offer for offer in good if not any(less in good for less in smaller(offer, allowed))]


def pain(offer: Offer, model: RelaxationModel) -> list[int]:
    """Return the steps per level, the most painful first."""
    levels = [0] * 7
    for concession, steps in offer.items():
        levels[6 - model.pain(concession)[0]] += steps
    return levels


person = st.fixed_dictionaries(
    {
        "specialities": st.sampled_from([("A0801",), ("A09",), ("A0801", "A09"), ("A08",), ("A080101",), ("A0802",)]),
        "region_code": st.sampled_from(["440100", "440300", "450100"]),
        "title_level": st.sampled_from(["senior", "intermediate"]),
        "employer_name": st.sampled_from(["", "甲院", "乙院"]),
        "kin": st.sampled_from([(), (), ("e0002",)]),
    }
)
demands = st.sampled_from(
    [
        {"quotas": (Quota("a", "A0801", 2, ("4401",)), Quota("b", "A09", 1))},
        {"quotas": (Quota("a", "A0801", 2, alternates=1),), "limits": (Limit("t", "title", ("senior",), 2, 2),)},
        {
            "quotas": (Quota("a", "A080101", 1, venue_group="g"), Quota("b", "A09", 1)),
            "venue_groups": (VenueGroup("g", ("4403",)),),
            "limits": (Limit("t", "title", ("senior",), 0, 0),),
        },
        {"quotas": (Quota("a", "A0801", 2),), "regions": ("4403",), "k_anonymity": 1, "alternates_min": 1},
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(person, min_size=1, max_size=6), demands, st.integers(0, 2))
def test_offers_are_the_minimal_ones_of_trying_everything(
    make_record: Maker, assessed: Assessed, rows: list[dict[str, object]], demand: dict[str, object], reserve: int
) -> None:
    records = [make_record(number, **row) for number, row in enumerate(rows)]
    reserve = max(reserve, int(str(demand.get("alternates_min", 0))))
    eligibility = assessed(records, alternates_per_quota=reserve, **demand)
    found = relaxations(eligibility)
    if is_drawable(eligibility):
        assert found == ()
        return
    model = RelaxationModel(eligibility)
    expected = minimal_offers(eligibility, model)
    listed = [(changes_of(eligibility.request, offer), relaxed(eligibility.request, offer)) for offer in expected]
    assert all((item.changes, item.request) in listed for item in found)
    assert len(found) == min(MOST_OFFERS, len(expected))
    assert len({item.request for item in found}) == len(found)
    if found:
        best = expected[listed.index((found[0].changes, found[0].request))]
        assert pain(best, model) == min(pain(offer, model) for offer in expected)


CITIES = [f"{province}{city:02}00" for province in (44, 45, 43) for city in range(1, 22)]
CODES = [f"A08{third:02}{fourth:02}" for third in range(1, 5) for fourth in range(1, 6)] + ["A0801", "A08", "B0101"]


@pytest.fixture(scope="module")
def library(make_record: Maker) -> Pool:
    random = Random(5)
    return Pool.from_records(
        make_record(
            number,
            title_level=random.choice(("senior", "intermediate")),
            employer_name=f"单位{int(600 * random.random() ** 2)}",
            region_code=random.choice(CITIES),
            extra_regions=tuple(random.sample(CITIES, random.randrange(3))),
            specialities=tuple(random.sample(CODES, random.randint(1, 3))),
        )
        for number in range(10_000)
    )


@pytest.mark.parametrize(
    "demand",
    [
        {"quotas": (Quota("a", "A080101", 20, ("4401",)), Quota("b", "B0101", 30, ("4403",)))},
        {
            "quotas": (Quota("a", "A080101", 6, ("4401",), venue_group="g"), Quota("b", "B0101", 5)),
            "venue_groups": (VenueGroup("g", ("4402",)),),
        },
        {
            "quotas": (Quota("a", "A080101", 3), Quota("b", "B0101", 2)),
            "limits": (Limit("h", "home", ("4401",), 5, 5), Limit("t", "title", ("senior",), 2, 4)),
            "regions": ("4405",),
        },
        {"quotas": tuple(Quota(f"q{code}", code, 8, ("4402",)) for code in CODES)},
    ],
)
def test_a_library_of_10_000_with_conflicting_wishes_is_answered(
    library: Pool, make_request: Callable[..., DrawRequest], demand: dict[str, object]
) -> None:
    eligibility = assess(library, make_request(alternates_per_quota=2, **demand))
    found = relaxations(eligibility)
    assert found
    for item in found:
        assert is_drawable(assess(library, item.request))
        assert [quota.count for quota in item.request.quotas] == [quota.count for quota in eligibility.request.quotas]
        assert (item.request.grounds, item.request.same_employer_max) == (eligibility.request.grounds, 1)


def test_nothing_helps_where_nobody_has_the_skill(make_record: Maker, assessed: Assessed) -> None:
    records = [make_record(number, specialities=("C01",)) for number in range(9)]
    assert relaxations(assessed(records, quotas=(Quota("a", "A08", 1, ("44",)),))) == ()
    assert relaxations(assessed([])) == ()


def test_conflicts_are_no_concession(make_record: Maker, assessed: Assessed) -> None:
    barred = [make_record(number, standing="suspended") for number in range(9)]
    assert relaxations(assessed(barred)) == ()
    colleagues = [make_record(number, employer_name="同一家") for number in range(9)]
    assert relaxations(assessed(colleagues)) == ()
    clan = [make_record(number, kin=("e0000",) if number else ()) for number in range(4)]
    assert relaxations(assessed(clan, quotas=(Quota("a", "A08", 4),), alternates_per_quota=0)) == ()


def test_cf_08_steps_that_would_count_a_few_experts_are_all_or_nothing(make_record: Maker, assessed: Assessed) -> None:
    few = [make_record(number) for number in range(4)]
    (offer,) = relaxations(assessed(few, alternates_per_quota=5))
    assert offer.request.quotas[0].alternates == 0
    many = [make_record(number) for number in range(7)]
    (offer,) = relaxations(assessed(many, alternates_per_quota=5))
    assert offer.request.quotas[0].alternates == 4


def test_dr_11_the_reserve_of_the_pack_is_a_floor(make_record: Maker, assessed: Assessed) -> None:
    records = [make_record(number) for number in range(4)]
    assert relaxations(assessed(records, alternates_per_quota=3, alternates_min=2)) == ()
    (offer,) = relaxations(assessed(records, alternates_per_quota=3, alternates_min=1))
    assert offer.request.quotas[0].alternates == 1


def test_texts_in_both_languages(make_record: Maker, assessed: Assessed) -> None:
    records = [make_record(number, region_code=("440300", "440600")[number % 2]) for number in range(4)]
    (offer,) = relaxations(assessed(records, quotas=(Quota("a", "A0801", 3, ("4401",)),)))
    assert isinstance(offer, Relaxation)
    assert offer.text("en") == "widen region of A0801 (a) to 2 more cities: 4403, 4406"
    assert offer.text("zh") == "将 A0801（a）的地区扩大 2 个城市：4403、4406"
