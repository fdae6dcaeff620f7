"""The parties carry valid codes that nobody holds."""

from expert_hub.foundation.codes import check_uscc
from expert_hub.sample.parties import AGENCY, BIDS, PROCURING_ENTITY, SUPERVISING_DEPARTMENT, synthetic_uscc

PARTIES = [
    PROCURING_ENTITY,
    AGENCY,
    SUPERVISING_DEPARTMENT,
    *(party for bid in BIDS for party in (bid.bidder, *bid.partners)),
]


def test_every_code_passes_without_a_warning_and_is_used_once() -> None:
    assert [check_uscc(party.uscc).reasons for party in PARTIES] == [()] * 9
    assert len({party.uscc for party in PARTIES}) == len({party.name for party in PARTIES}) == 9


def test_the_county_part_is_not_assigned() -> None:
    assert {party.uscc[6:8] for party in PARTIES} == {"99"}
    assert synthetic_uscc("91", "4406", 7).startswith("9144069900000007")


def test_the_cheapest_bid_is_the_one_that_is_rejected() -> None:
    assert [bid.bid_id for bid in BIDS] == ["B1", "B2", "B3", "B4", "B5"]
    assert min(BIDS, key=lambda bid: float(bid.quote_yuan)).bid_id == "B5"
