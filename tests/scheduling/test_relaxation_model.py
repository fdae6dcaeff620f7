from collections.abc import Callable

from scheduling.concessions import Concession
from scheduling.demand import Limit, Quota
from scheduling.eligibility import Eligibility
from scheduling.records import CandidateRecord
from scheduling.relaxation_model import RelaxationModel

Maker = Callable[..., CandidateRecord]
Assessed = Callable[..., Eligibility]
RESERVE, NEAR, FAR = (
    Concession("alternates", "a"),
    Concession("regions", "a", "4403"),
    Concession("regions", "a", "4501"),
)
TICKED = Concession("ancestor", "a")


def model_of(make_record: Maker, assessed: Assessed) -> RelaxationModel:
    places = ["440100"] * 6 + ["440300", "450100", "450100"]
    records = [make_record(number, region_code=place) for number, place in enumerate(places)]
    # A second-level code has no parent that may be asked for; its ancestor is the whole letter.
    records.append(make_record(20, specialities=("A",)))
    return RelaxationModel(assessed(records, quotas=(Quota("a", "A08", 6, ("4401",)),), alternates_per_quota=1))


def test_the_least_painful_offer_comes_first_and_none_twice(make_record: Maker, assessed: Assessed) -> None:
    model = model_of(make_record, assessed)
    found = []
    while (offer := model.cheapest()) is not None:
        found.append(offer)
        model.accept(offer)
    # The second city of the quota comes last: offers that differ in kind go before.
    assert found == [{RESERVE: 1}, {NEAR: 1}, {TICKED: 1}, {FAR: 1}]


def test_what_was_refused_is_followed_by_something_else(make_record: Maker, assessed: Assessed) -> None:
    model = model_of(make_record, assessed)
    model.refuse({RESERVE: 1, NEAR: 1})
    assert model.cheapest() == {TICKED: 1}
    model.refuse({RESERVE: 1, NEAR: 1, TICKED: 1})
    assert model.cheapest() == {FAR: 1}


def test_steps_and_levels(make_record: Maker, assessed: Assessed) -> None:
    model = model_of(make_record, assessed)
    assert model.allowed()[RESERVE] == (0, 1)
    assert [model.pain(item)[0] for item in (RESERVE, NEAR, TICKED, FAR)] == [0, 3, 4, 5]
    limited = assessed([make_record(0)], limits=(Limit("t", "title", ("senior",), 2, 2),), alternates_per_quota=4)
    assert dict(RelaxationModel(limited).allowed()) == {
        Concession("alternates", "q1"): (0, 4),
        Concession("limit_low", "t"): (0, 2),
        Concession("limit_high", "t"): (0, 1),
    }


def test_nothing_to_offer_where_nothing_helps(make_record: Maker, assessed: Assessed) -> None:
    assert RelaxationModel(assessed([make_record(0, specialities=("C01",))])).cheapest() is None
