"""The whole of chapter 5 on random tenders: both computations equal, and what every method promises."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from evaluation.ballots import Ballots
from evaluation.methods.comprehensive_evaluation import TRIM_TABLES
from evaluation.methods.registry import METHODS, method_named
from evaluation.refusals_methods import MethodUnknown
from evaluation.setup import BidSetup, CriterionSetup
from evaluation.summary import compute_outcome
from evaluation.terms import DeviationTerm, DocumentTerms, TrimRow

START = datetime(2026, 3, 2, tzinfo=UTC)
PRICE = CriterionSetup("P", "price", "Price", "formula", "40")
WORK = CriterionSetup("T", "technical", "Work", "subjective", "45")
RECORD = CriterionSetup("B", "business", "Record", "objective", "15")
FAULTS = CriterionSetup("D", "business", "Faults", "deduction", "5")
DELAY = CriterionSetup("W", "deviation", "Weeks", "objective", "52")
MARKS = st.integers(0, 4500).map(lambda hundredths: f"{hundredths // 100}.{hundredths % 100:02}")
MONEY = st.integers(10_000, 10**12).map(lambda fen: f"{fen // 100}.{fen % 100:02}")
TRIMS = st.sampled_from([(), TRIM_TABLES["T4"], TRIM_TABLES["T6"], (TrimRow(3, 1, 0), TrimRow(5, 1, 2))])
SHARES = st.sampled_from(["0", "0.02", "0.333333", "0.5", "0.98"])


@st.composite
def documents(draw):
    """Terms of a document; the ceiling may cut into the quotes, the band stays wide open."""
    ceiling = draw(st.none() | MONEY)
    return DocumentTerms(
        ceiling=ceiling,
        reserve=draw(st.none() | MONEY),
        trim=draw(TRIMS),
        k="1" if ceiling is None else draw(SHARES),
        f=draw(SHARES),
        e_up=draw(st.sampled_from(["1", "0.7", "2.5"])),
        e_down=draw(st.sampled_from(["0.5", "0", "1.25"])),
        deviations=(DeviationTerm("W", draw(st.sampled_from(["0", "0.005", "1234.56", "-0.01"]))),),
    )


@st.composite
def tenders(draw, rules):
    """A random tender for any of the methods: few values, so that ties happen."""
    method = draw(st.sampled_from(sorted(METHODS)))
    pool = draw(st.lists(MONEY, min_size=1, max_size=4))
    bids = tuple(
        BidSetup(
            f"b{n}",
            "",
            "",
            draw(st.sampled_from(pool) | MONEY),
            draw(st.sampled_from(["0", "0.1", "0.15", "0.2", "0.123456"])),
            offered_at=START + timedelta(minutes=draw(st.integers(0, 3))),
        )
        for n in range(draw(st.integers(1, 8)))
    )
    scored = METHODS[method].is_scored
    criteria = (PRICE, WORK, RECORD, FAULTS) if scored else (DELAY,) if METHODS[method].has_deviations else ()
    # One base sheet and members who differ from it: as many numbers as matter, and not more.
    base = {(bid.bid_id, item.criterion_id): draw(MARKS) for bid in bids for item in criteria}
    sheets = {}
    for seat in range(draw(st.sampled_from([3, 5, 7, 9]))):
        moved = draw(MARKS)
        sheets[f"S{seat}"] = {key: moved if key[1] == "T" and scored else value for key, value in base.items()}
    order = draw(st.sampled_from([("total_desc", "price_asc", "parallel"), ("total_desc", "technical_desc")]))
    chosen = replace(
        rules,
        agg_trim_over=draw(st.sampled_from([None, 5])),
        tie_order=order,
        tie_price_basis=draw(st.sampled_from(["reviewed", "quote"])),
    )
    return Ballots(bids, criteria, sheets, chosen, draw(documents()), method)


def check_tender(ballots):
    """Both paths agree (else this raises), and what holds for every method."""
    outcome = compute_outcome(ballots)
    for item in outcome.results:
        assert Decimal(item.total) == sum(map(Decimal, item.items.values()), Decimal(0))
    assert [item.rank for item in outcome.results] == sorted(item.rank for item in outcome.results)
    turned = replace(
        ballots, bids=ballots.bids[::-1], sheets={seat: ballots.sheets[seat] for seat in reversed(ballots.sheets)}
    )
    assert compute_outcome(turned) == outcome
    return outcome


def check_better_price(ballots, outcome):
    """A better price of one bid never costs it a sub-score or a place; benchmarks move with it and promise less."""
    if METHODS[ballots.method].has_benchmark:
        return
    bid, *others = ballots.bids
    sign = 1 if ballots.method == "price_competition" else -1
    better = replace(bid, quote=str(Decimal(bid.quote) + sign * Decimal("10.00")))
    before = next(item for item in outcome.results if item.bid_id == bid.bid_id)
    again = compute_outcome(replace(ballots, bids=(better, *others)))
    after = next(item for item in again.results if item.bid_id == bid.bid_id)
    assert Decimal(after.total) >= Decimal(before.total)
    assert after.rank <= before.rank


def campaign(rules, examples):
    @given(st.data())
    @settings(
        max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck), derandomize=True
    )
    def run(data):
        ballots = data.draw(tenders(rules))
        check_better_price(ballots, check_tender(ballots))

    run()


def test_both_paths_agree_on_300_random_tenders_over_all_methods(rules):
    campaign(rules, 300)


@pytest.mark.slow
def test_both_paths_agree_on_10000_random_tenders_over_all_methods(rules):
    campaign(rules, 10_000)


def test_o12_29_o87_53_every_method_has_its_names():
    assert {name: entry.zh for name, entry in METHODS.items()} == {
        "comprehensive_scoring": "综合评分法",
        "lowest_evaluated_price": "最低评标价法",
        "reviewed_lowest": "经评审的最低投标价法",
        "comprehensive_evaluation": "综合评估法",
        "price_competition": "价高者得",
    }


def test_a_method_nobody_registered_is_an_error():
    with pytest.raises(MethodUnknown):
        method_named("guess")
