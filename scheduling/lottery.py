"""From the eligible pool to a lottery. First form: every feasible ordered assignment of persons to seats is equally
likely.

The assignment has the panel seats and the alternates of every quota. A person sits once, at most
``same_employer_max`` persons come from one legal person (C14), relatives never sit together (C13). Members are drawn
seat by seat and the whole assignment is drawn again when it breaks a rule, which leaves all accepted assignments
equally likely. Where acceptance is rarer than 1 in 1,000, all panels are listed instead if that is possible.
"""

from dataclasses import replace

from scheduling.artefact import (
    MAX_TRIES,
    Lottery,
    LotteryClass,
    Policy,
    Template,
    lottery_document,
    lottery_from_document,
    uniform_lottery,
)
from scheduling.eligibility import Eligibility
from scheduling.errors import NoFeasiblePanelError, RequestChangedError, TooTangledError
from scheduling.feasibility import employer_max, ensure_large_enough
from scheduling.order import Drawer, Rules
from scheduling.portfolio import TooManyError, list_panels, portfolio_lottery
from scheduling.request import DrawRequest, request_digest
from scheduling.seats import Seat, seat_plan
from scheduling.seed import Stream, h

__all__ = [
    "Lottery",
    "LotteryClass",
    "Policy",
    "Seat",
    "Template",
    "build_lottery",
    "lottery_document",
    "lottery_from_document",
]
TRIAL_TRIES = 20_000
TRIAL_ACCEPTED = 20
# Where the panels cannot be listed, five hits are enough: at a tenth of that rate a draw of MAX_TRIES still fails only
# once in e**25 times.
TRIAL_ENOUGH = 5


def build_lottery(eligibility: Eligibility, request: DrawRequest) -> Lottery:
    """Build the lottery that is committed before the randomness exists.

    Args:
        eligibility: the assessed pool.
        request: the same request the pool was assessed for.

    Returns:
        a lottery numbered by pool index; equal inputs give an equal lottery on every machine.

    Raises:
        RequestChangedError: the pool was assessed for another request.
        PoolTooSmallError: fewer eligible persons than seats and alternates.
        NoFeasiblePanelError: every assignment breaks a pairwise ground.
        TooTangledError: assignments are too rare to draw and too many to list.

    Source: domain DR-07, DR-08, DR-11
    """
    if request_digest(request) != request_digest(eligibility.request):
        raise RequestChangedError()
    ensure_large_enough(eligibility)
    uniform = _uniform(eligibility)
    accepted, tries = _trial(uniform, request)
    return uniform if accepted == TRIAL_ACCEPTED else _listed(uniform, accepted, tries)


def _uniform(eligibility: Eligibility) -> Lottery:
    request = eligibility.request
    counts = [quota.count for quota in request.quotas]
    members = [eligibility.members(number) for number in range(len(counts))]
    seats = seat_plan(counts, request.alternates_per_quota, [len(group) for group in members])
    policy = Policy(employer_max(eligibility), eligibility.edges, "all", permute=False, max_tries=MAX_TRIES)
    return uniform_lottery(members, seats, policy, eligibility.pool.units)


def _trial(lottery: Lottery, request: DrawRequest) -> tuple[int, int]:
    # The stream comes from the request, so the choice between the two kinds is the same for everybody who repeats it.
    stream, drawer = Stream(h("trial", request_digest(request))), Drawer(lottery)
    accepted = tries = 0
    while accepted < TRIAL_ACCEPTED and tries < TRIAL_TRIES:
        drawn = drawer.draw(stream, TRIAL_TRIES - tries)
        tries = TRIAL_TRIES if drawn is None else tries + drawn.tries
        accepted += drawn is not None
    return accepted, tries


def _listed(uniform: Lottery, accepted: int, tries: int) -> Lottery:
    members = [list(group.members) for group in uniform.classes]
    try:
        panels = list_panels(members, uniform.seats, Rules(uniform.policy, uniform.units))
    except TooManyError:
        if accepted >= TRIAL_ENOUGH:
            return uniform
        raise TooTangledError(accepted=accepted, tries=tries) from None
    if not panels:
        raise NoFeasiblePanelError(candidates=uniform.candidates)
    return portfolio_lottery(panels, uniform.seats, replace(uniform.policy, permute=True), uniform.units)
