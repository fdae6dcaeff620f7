"""Contradictions in the description of a room, found before it opens."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from evaluation.decimals import parse_decimal
from evaluation.errors import BadSetup
from evaluation.setup import CriterionSetup, RoomRules, RoomSetup
from evaluation.setup_checks_method import method_faults, method_number_faults


def find_faults(setup: RoomSetup) -> tuple[str, ...]:
    """List what is wrong with a description.

    Args:
        setup: the description.

    Returns:
        Sentences in English, empty when the room may open. Amounts are checked first: the sums are only looked at
        once every number can be read.

    Source: engineering choice
    """
    faults = tuple(_number_faults(setup))
    if faults:
        return faults
    checks: tuple[Callable[[RoomSetup], Iterable[str]], ...] = (
        _identifier_faults,
        _committee_faults,
        _venue_faults,
        method_faults,
        _rule_faults,
        _review_faults,
    )
    return tuple(fault for check in checks for fault in check(setup))


def require_sound(setup: RoomSetup) -> None:
    """Refuse a description with faults.

    Args:
        setup: the description.

    Raises:
        BadSetup: with all faults in one text.

    Source: engineering choice
    """
    faults = find_faults(setup)
    if faults:
        raise BadSetup(detail="; ".join(faults))


def _number_faults(setup: RoomSetup) -> Iterator[str]:
    for bid in setup.bids:
        quote, deduction = parse_decimal(bid.quote), parse_decimal(bid.deduction)
        if quote is None or quote <= 0:
            yield f"bid {bid.bid_id}: the quote is not a positive amount"
        elif Decimal(bid.quote).quantize(Decimal(1).scaleb(-setup.rules.round_money)) != quote:
            yield f"bid {bid.bid_id}: the quote has more than {setup.rules.round_money} decimals"
        if deduction is None or not 0 <= deduction < 1:
            yield f"bid {bid.bid_id}: the deduction is not a share below 1"
    for criterion in setup.criteria:
        yield from _mark_faults(criterion)
    yield from method_number_faults(setup)
    shares = ("low_price_mean", "low_price_next", "low_price_ceiling")
    for name in ("score_step", "score_deviation", "price_weight", *shares):
        text = getattr(setup.rules, name)
        value = Decimal(0) if text is None and name in shares else parse_decimal(text)
        if value is None or value < 0 or (name in shares and value > 1):
            yield f"rules: {name} is not a decimal of 0 or more"


def _mark_faults(criterion: CriterionSetup) -> Iterator[str]:
    full, low = parse_decimal(criterion.full), parse_decimal(criterion.low)
    if full is None or low is None or not 0 <= low < full:
        yield f"criterion {criterion.criterion_id}: the marks do not run from a lowest to a higher value"
    step = parse_decimal(criterion.step) if criterion.step else None
    if criterion.step and (step is None or step <= 0):
        yield f"criterion {criterion.criterion_id}: the step is not above 0"


def _repeated(ids: Iterable[str]) -> list[str]:
    return sorted(found for found, times in Counter(ids).items() if times > 1)


def _identifier_faults(setup: RoomSetup) -> Iterator[str]:
    named: dict[str, Iterable[str]] = {
        "seat": (seat.seat_id for seat in setup.seats),
        "tenure": (seat.tenure_id for seat in setup.seats),
        "alias": (seat.alias for seat in setup.seats),
        "venue": (venue.venue_id for venue in setup.venues),
        "bid": (bid.bid_id for bid in setup.bids),
        "check": (check.check_id for check in setup.checks),
        "criterion": (criterion.criterion_id for criterion in setup.criteria),
    }
    for kind, ids in named.items():
        repeated = _repeated(ids)
        if repeated:
            yield f"{kind} named twice: {', '.join(repeated)}"


def _committee_faults(setup: RoomSetup) -> Iterator[str]:
    count = len(setup.seats)
    if count % 2 == 0 or count < max(3, setup.rules.committee_min_members):
        yield f"a committee of {count} is not odd and at least {max(3, setup.rules.committee_min_members)}"
    if sorted(setup.draw_order) != sorted(seat.seat_id for seat in setup.seats):
        yield "the draw order does not name every seat once"
    if not any(seat.kind == "expert" for seat in setup.seats):
        yield "the committee has no expert"


def _venue_faults(setup: RoomSetup) -> Iterator[str]:
    if [venue.side for venue in setup.venues].count("host") != 1:
        yield "there is not exactly one host venue"
    known = {venue.venue_id for venue in setup.venues}
    places = Counter((seat.venue_id, seat.workstation) for seat in setup.seats)
    for (venue_id, workstation), times in sorted(places.items()):
        if venue_id not in known:
            yield f"seat at unknown venue {venue_id}"
        if times > 1 or not workstation:
            yield f"workstation {workstation or '(none)'} at {venue_id} is not bound to exactly one seat"


def _rule_faults(setup: RoomSetup) -> Iterator[str]:
    rules: RoomRules = setup.rules
    if not setup.bids:
        yield "there is no bid"
    if not setup.blind_seed and any(item.blind for item in setup.criteria):
        yield "there are blind criteria and no secret for the orders"
    if setup.starts_at.tzinfo is None:
        yield "the start has no zone"
    if Decimal(rules.score_step) <= 0:
        yield "rules: score_step is 0"
    for name in ("leader_max_rounds", "prelim_min_valid", "candidates_max"):
        if getattr(rules, name) < 1:
            yield f"rules: {name} is below 1"
    if rules.tie_order[:1] != ("total_desc",):
        yield "rules: tie_order does not begin with the total"
    for check in setup.checks:
        if check.ground not in rules.prelim_grounds:
            yield f"check {check.check_id}: the rules hold no ground {check.ground}"


def _review_faults(setup: RoomSetup) -> Iterator[str]:
    rules = setup.rules
    if rules.clarify_unsolicited:
        yield "rules: answers nobody asked for may not be taken"
    stages = (*rules.prelim_stages, "qualification")
    for check in setup.checks:
        if rules.prelim_stages and check.stage not in stages:
            yield f"check {check.check_id}: the rules hold no stage {check.stage}"
