from collections.abc import Callable

import pytest

from scheduling.concessions import Change, Concession, ancestors, changes_of, is_near, level_of, relaxed
from scheduling.demand import Limit, Quota, VenueGroup
from scheduling.request import DrawRequest


@pytest.fixture
def request_(make_request: Callable[..., DrawRequest]) -> DrawRequest:
    return make_request(
        quotas=(Quota("a", "A080401", 2, ("4401",), venue_group="g"), Quota("b", "B01", 1)),
        limits=(Limit("t", "title", ("senior",), 2, 3),),
        venue_groups=(VenueGroup("g", ("44",)),),
        venue_group="g",
        regions=("44",),
        alternates_per_quota=3,
    )


OFFERS: list[tuple[Concession, int, str, str]] = [
    (
        Concession("alternates", "a"),
        2,
        "ask for 1 alternates only in a (A080401)",
        "将条件组 a（A080401）的备选专家减为 1 名",
    ),
    (
        Concession("limit_low", "t"),
        1,
        "lower the least number of limit t (senior) to 1",
        "将限制 t（senior）的下限降为 1",
    ),
    (
        Concession("limit_high", "t"),
        2,
        "raise the largest number of limit t (senior) to 5",
        "将限制 t（senior）的上限提高到 5",
    ),
    (Concession("venue_group", "a"), 1, "drop the wish for venue group g in a", "取消 a 的场所组要求 g"),
    (
        Concession("venue_group", ""),
        1,
        "drop the wish for venue group g in the whole request",
        "取消 整个申请 的场所组要求 g",
    ),
    (
        Concession("regions", "a", "4403"),
        1,
        "widen region of A080401 (a) to 1 more city: 4403",
        "将 A080401（a）的地区扩大 1 个城市：4403",
    ),
    (
        Concession("all_regions", "", "4501"),
        1,
        "widen region of the whole request to 1 more city: 4501",
        "将整个申请的地区扩大 1 个城市：4501",
    ),
    (
        Concession("ancestor", "a"),
        1,
        "accept ancestor codes of A080401 (a): A0804, A08, A",
        "接受 A080401（a）的上级专业代码：A0804、A08、A",
    ),
    (
        Concession("parent", "a"),
        1,
        "ask for A0804 instead of A080401 (a)",
        "将 A080401（a）放宽为上级专业 A0804",
    ),
]


@pytest.mark.parametrize(("concession", "steps", "en", "zh"), OFFERS)
def test_every_kind_has_a_text_and_changes_the_request(
    request_: DrawRequest, concession: Concession, steps: int, en: str, zh: str
) -> None:
    (change,) = changes_of(request_, {concession: steps})
    assert (change.text("en"), change.text("zh")) == (en, zh)
    after = relaxed(request_, {concession: steps})
    assert after != request_
    assert relaxed(request_, {}) == request_


def test_an_offer_is_made_whole(request_: DrawRequest) -> None:
    after = relaxed(request_, {concession: steps for concession, steps, _, _ in OFFERS})
    assert after.quotas[0] == Quota("a", "A0804", 2, ("4401", "4403"), accept_ancestor=True, alternates=1)
    assert after.quotas[1] == request_.quotas[1]
    assert after.limits == (Limit("t", "title", ("senior",), 1, 5),)
    assert (after.regions, after.venue_group) == (("44", "4501"), "")


def test_cities_of_one_quota_are_one_change(request_: DrawRequest) -> None:
    offer = {Concession("regions", "a", "4406"): 1, Concession("regions", "a", "4403"): 1}
    assert changes_of(request_, offer) == (Change("regions", "a", "A080401", ("4403", "4406")),)


def test_ancestors_of_a_code_the_nearest_first() -> None:
    assert (ancestors("A080401"), ancestors("A08"), ancestors("A")) == (("A0804", "A08", "A"), ("A",), ())


def test_a_city_is_near_in_a_province_that_is_asked_for(request_: DrawRequest) -> None:
    assert is_near("4406", request_.quotas[0], request_)
    assert not is_near("4501", request_.quotas[0], request_)
    levels = [level_of(request_, concession) for concession, _, _, _ in OFFERS]
    assert levels == [0, 1, 1, 2, 2, 3, 5, 4, 6]
