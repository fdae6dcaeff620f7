import pytest
from msgspec.structs import replace

from evaluation.errors import BadSetup
from evaluation.setup import BidSetup, CheckSetup, CriterionSetup, SeatSetup, VenueSetup
from evaluation.setup_checks import find_faults, require_sound


def test_a_sound_description_has_no_fault(setup):
    assert find_faults(setup) == ()
    require_sound(setup)


def with_bid(setup, **changes):
    return replace(setup, bids=(replace(setup.bids[0], **changes), *setup.bids[1:]))


def with_criterion(setup, **changes):
    return replace(setup, criteria=(*setup.criteria[:1], replace(setup.criteria[1], **changes), setup.criteria[2]))


def with_seat(setup, **changes):
    return replace(setup, seats=(replace(setup.seats[0], **changes), *setup.seats[1:]))


def with_rules(setup, **changes):
    return replace(setup, rules=replace(setup.rules, **changes))


FAULTS = [
    (lambda s: with_bid(s, quote="0"), "quote"),
    (lambda s: with_bid(s, quote="1e6"), "quote"),
    (lambda s: with_bid(s, quote="1.005"), "decimals"),
    (lambda s: with_bid(s, deduction="1"), "deduction"),
    (lambda s: with_bid(s, bid_id="B"), "bid named twice: B"),
    (lambda s: replace(s, bids=()), "no bid"),
    (lambda s: with_criterion(s, full="x"), "marks"),
    (lambda s: with_criterion(s, low="50"), "marks"),
    (lambda s: with_criterion(s, low="-1"), "marks"),
    (lambda s: with_criterion(s, step="0"), "step"),
    (lambda s: with_criterion(s, full="49"), "sum to 99"),
    (lambda s: with_criterion(s, kind="formula"), "price weight"),
    (lambda s: with_rules(s, price_weight="0.3.0"), "price_weight"),
    (lambda s: with_rules(s, price_weight="0.40"), "price weight"),
    (lambda s: with_rules(s, score_step="0"), "score_step"),
    (lambda s: with_rules(s, leader_max_rounds=0), "leader_max_rounds"),
    (lambda s: with_rules(s, candidates_max=0), "candidates_max"),
    (lambda s: with_rules(s, tie_order=("price_asc",)), "tie_order"),
    (lambda s: with_rules(s, committee_min_members=7), "committee of 5"),
    (lambda s: replace(s, seats=s.seats[:4], draw_order=s.draw_order[:4]), "committee of 4"),
    (lambda s: replace(s, draw_order=("S1",) * 5), "draw order"),
    (lambda s: replace(s, seats=tuple(replace(seat, kind="representative") for seat in s.seats)), "no expert"),
    (lambda s: replace(s, venues=(VenueSetup("V1", "host", ""), VenueSetup("V2", "host", ""))), "host venue"),
    (lambda s: with_seat(s, venue_id="V9"), "unknown venue"),
    (lambda s: with_seat(s, workstation="W2"), "workstation W2"),
    (lambda s: with_seat(s, workstation=""), "workstation (none)"),
    (lambda s: with_seat(s, alias="评委B"), "alias named twice"),
    (lambda s: with_seat(s, tenure_id="T2"), "tenure named twice"),
    (lambda s: replace(s, checks=(CheckSetup("K", "", "", "R1"),)), "no ground R1"),
    (lambda s: replace(s, starts_at=s.starts_at.replace(tzinfo=None)), "zone"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "words"), FAULTS)
def test_each_contradiction_is_named(setup, change, words):
    broken = change(setup)
    assert words in "; ".join(find_faults(broken))
    with pytest.raises(BadSetup) as refusal:
        require_sound(broken)
    assert words in refusal.value.facts["detail"]


def test_deductions_are_beside_the_hundred(setup):
    extra = CriterionSetup("D", "business", "Faults", "deduction", "5")
    assert find_faults(replace(setup, criteria=(*setup.criteria, extra))) == ()


def test_fixed_price_items_have_no_price_criterion(setup):
    criteria = (replace(setup.criteria[1], full="80"), setup.criteria[2])
    assert find_faults(replace(setup, criteria=criteria, rules=replace(setup.rules, price_weight="0"))) == ()


def test_engineering_values_are_sound(setup):
    rules = replace(
        setup.rules, leader_method="elect_or_named", leader_rep_allowed=True, prelim_grounds=("R1", "R2"),
        prelim_below_min="argued_vote", tie_order=("total_desc", "price_asc", "technical_desc"),
        tie_final="document_else_committee_vote", brand_counts_once=False, agg_trim_over=5,
    )  # fmt: skip
    checks = (CheckSetup("K1", "Sealed", "form", "R1"),)
    assert find_faults(replace(setup, rules=rules, checks=checks)) == ()


def test_samples_build_with_positional_fields():
    assert SeatSetup("S", "T", "A", "expert", "V", "W").workstation == "W"
    assert BidSetup("A", "a", "", "1").deduction == "0"
