"""Employers are uneven in size and include parties of the tender."""

from collections import Counter
from random import Random

from expert_hub.foundation.areas import GUANGDONG_CITIES
from expert_hub.foundation.codes import check_uscc
from expert_hub.sample.employers import CITY_WEIGHTS, make_employers
from expert_hub.sample.parties import BIDS, PROCURING_ENTITY


def test_every_city_of_guangdong_and_shunde_has_a_weight() -> None:
    assert set(CITY_WEIGHTS) == set(GUANGDONG_CITIES)
    assert sum(CITY_WEIGHTS.values()) == 1000


def test_organisations_are_distinct_and_their_codes_valid() -> None:
    organisations = make_employers(3000, Random(1)).organisations
    assert len(organisations) == 256
    assert len({one.name for one in organisations}) == len({one.uscc for one in organisations}) == 256
    assert all(check_uscc(one.uscc).reasons == () for one in organisations)


def test_the_procuring_entity_and_the_bidders_employ_experts_too() -> None:
    organisations = make_employers(100, Random(1)).organisations
    assert len(organisations) == 66
    assert {PROCURING_ENTITY, *(bid.bidder for bid in BIDS)} <= set(organisations)


def test_sizes_fall_with_the_rank() -> None:
    employers = make_employers(3000, Random(1))
    random = Random(2)
    sizes = Counter(employers.pick(random).name for _ in range(20_000))
    largest = [sizes[employers.organisations[rank].name] for rank in (0, 9, 99)]
    assert largest[0] > 4 * largest[1] > 4 * largest[2] > 0
