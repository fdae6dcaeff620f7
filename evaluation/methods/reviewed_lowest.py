"""Lowest reviewed bid (经评审的最低投标价法): quotes made comparable by the prices the document sets on deviations.

    reviewed price = quote + sum over deviations of (quantity found by the committee x price of one unit);
    lowest reviewed price first; equal reviewed prices: lower quote first, what is still equal shares a place.

Prices below cost are rejected in the preliminary review (ground R5) and never arrive here.
"""

from decimal import Decimal

from evaluation.ballots import Ballots, Outcome
from evaluation.decimals import EXACT, plain, round_half_up
from evaluation.methods.aggregation import mean, member_values, require_lawful
from evaluation.methods.tabulation import Column, placed, results_of
from evaluation.refusals_methods import ReviewedPriceSenseless


def deviation_amounts(ballots: Ballots, bid_id: str) -> Column:
    """Price the deviations of one bid.

    Args:
        ballots: criteria of the group "deviation" hold quantities, the terms their unit prices.
        bid_id: the bid.

    Returns:
        Amount in yuan by criterion id, rounded half up; negative where the document rewards.

    Source: 评标委员会和评标方法暂行规定 第32条
    """
    amounts: Column = {}
    for term in ballots.terms.deviations:
        quantity = mean(member_values(ballots, bid_id, term.criterion_id))
        amount = EXACT.multiply(quantity, Decimal(term.unit_amount))
        amounts[term.criterion_id] = round_half_up(amount, ballots.rules.round_money)
    return amounts


def evaluate(ballots: Ballots) -> Outcome:
    """Evaluate by the lowest reviewed bid.

    Args:
        ballots: the valid bids and complete sheets with the quantities of the deviations.

    Returns:
        Results without sub-scores, lowest reviewed price first; figure `lowest_reviewed_price`; per bid the note
        `deviations` (their sum) and one note `deviation.<criterion id>` each.

    Raises:
        CommitteeUnlawful: when the number of sheets is even or below three.
        ReviewedPriceSenseless: when deviations leave no price above 0.

    Source: 评标委员会和评标方法暂行规定 第30条, 第31条, 第32条, 第33条
    """
    require_lawful(len(ballots.sheets))
    reviewed: Column = {}
    notes: dict[str, dict[str, str]] = {}
    for bid in ballots.bids:
        amounts = deviation_amounts(ballots, bid.bid_id)
        added = sum(amounts.values(), round_half_up(Decimal(0), ballots.rules.round_money))
        reviewed[bid.bid_id] = round_half_up(Decimal(bid.quote), ballots.rules.round_money) + added
        if reviewed[bid.bid_id] <= 0:
            raise ReviewedPriceSenseless(bid_id=bid.bid_id, price=plain(reviewed[bid.bid_id]))
        notes[bid.bid_id] = {f"deviation.{name}": plain(amount) for name, amount in amounts.items()}
        notes[bid.bid_id]["deviations"] = plain(added)
    keys = {bid.bid_id: (reviewed[bid.bid_id], Decimal(bid.quote)) for bid in ballots.bids}
    figures = {"lowest_reviewed_price": plain(min(reviewed.values()))} if reviewed else {}
    return placed(results_of(ballots, reviewed, notes=notes), keys, figures)
