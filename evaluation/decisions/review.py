"""Preliminary review: votes on checks, rejection by more than half of all seats, too few valid bids."""

from evaluation.commands import ClosePreliminary, DecideCompetition, VoteCheck
from evaluation.decisions.situation import Situation, require_text
from evaluation.errors import AlreadyDone, UnknownBid, UnknownCheck
from evaluation.events import CheckVoted, CompetitionDecided, Event, PreliminaryClosed, RoomFailed, StageChanged
from evaluation.findings import Rejection
from evaluation.ranking import count_bidders
from evaluation.refusals import DecisionNotDue, GroundMissing, GroundOnPass, GroundUnknown, VotesMissing
from evaluation.stages import Stage
from evaluation.state import RoomState, votes_missing


def vote_check(now: Situation, command: VoteCheck) -> list[Event]:
    """Vote on one check of one bid; a later vote replaces an earlier one until the review is closed.

    Args:
        now: the situation.
        command: the vote; a vote to reject names a ground of the rules and a page.

    Returns:
        The vote.

    Raises:
        AlreadyDone: when the review is closed.
        UnknownBid: for a bid that is not in this lot.
        UnknownCheck: for a check the document does not hold.
        GroundMissing: for a vote to reject without ground or page.
        GroundUnknown: for a ground outside the rules.
        GroundOnPass: for a passing vote with a ground.

    Source: 招标投标法实施条例 第51条; 财政部令第87号 第63条
    """
    setup = now.state.setup
    if now.state.preliminary:
        raise AlreadyDone()
    if not any(bid.bid_id == command.bid_id for bid in setup.bids):
        raise UnknownBid()
    if not any(check.check_id == command.check_id for check in setup.checks):
        raise UnknownCheck()
    ground, page = (command.ground or "").strip(), (command.page or "").strip()
    _require_ground(command.passed, ground, page, setup.rules.prelim_grounds)
    return [
        CheckVoted(
            now.seat_id, command.bid_id, command.check_id, command.passed, ground or None, page or None, command.note
        )
    ]


def _require_ground(passed: bool, ground: str, page: str, grounds: tuple[str, ...]) -> None:
    if passed and ground:
        raise GroundOnPass()
    if not passed and not (ground and page):
        raise GroundMissing()
    if not passed and ground not in grounds:
        raise GroundUnknown(ground=ground)


def is_majority(votes: int, seats: int) -> bool:
    """Say whether votes are more than half of all seats: 2 of 3, 3 of 5, 4 of 7.

    Args:
        votes: votes against a bid.
        seats: seats of the committee, present or not.

    Returns:
        True above one half.

    Source: 财政部令第87号 第61条
    """
    return 2 * votes > seats


def find_rejections(state: RoomState) -> tuple[Rejection, ...]:
    """Count the votes per bid and check.

    Args:
        state: state of the room.

    Returns:
        Rejections in the order of bids and checks, with every ground and page named.

    Source: 招标投标法实施条例 第51条; 财政部令第87号 第61条
    """
    seats = len(state.seats)
    found: list[Rejection] = []
    for bid in state.setup.bids:
        for check in state.setup.checks:
            cast = [votes.get((bid.bid_id, check.check_id)) for votes in state.votes.values()]
            against = [vote for vote in cast if vote and not vote.passed]
            if is_majority(len(against), seats):
                grounds = tuple(sorted({(vote.ground or "", vote.page or "") for vote in against}))
                found.append(Rejection(bid.bid_id, check.check_id, len(against), seats, grounds))
    return tuple(found)


def close_preliminary(now: Situation, _: ClosePreliminary) -> list[Event]:
    """Close the votes and count them.

    Args:
        now: the situation.

    Returns:
        Valid bids, the bidders behind them, rejections.

    Raises:
        AlreadyDone: when the review is closed.
        VotesMissing: while a member has not voted on every check of every bid.

    Source: 财政部令第87号 第50条
    """
    state = now.state
    if state.preliminary:
        raise AlreadyDone()
    missing = votes_missing(state)
    if missing:
        raise VotesMissing(missing=missing)
    rejections = find_rejections(state)
    rejected = {item.bid_id for item in rejections}
    valid = [bid for bid in state.setup.bids if bid.bid_id not in rejected]
    counted = count_bidders(valid, state.setup.rules.brand_counts_once)
    return [PreliminaryClosed(tuple(bid.bid_id for bid in valid), counted, rejections)]


def decide_competition(now: Situation, command: DecideCompetition) -> list[Event]:
    """Record the committee's argued decision whether competition is clearly lacking.

    Args:
        now: the situation.
        command: the decision and its reason.

    Returns:
        The decision.

    Raises:
        DecisionNotDue: unless too few valid bids are left and the rules leave it to the committee.
        ReasonMissing: without a reason.

    Source: 评标委员会和评标方法暂行规定 第27条; 发改法规规〔2022〕1117号
    """
    closed = now.state.preliminary
    if closed is None or now.state.competition or now.state.setup.rules.prelim_below_min != "argued_vote":
        raise DecisionNotDue()
    return [CompetitionDecided(command.lacking, require_text(command.reason), closed.bidders_counted)]


def fail_or_wait(state: RoomState) -> list[Event]:
    """Decide what follows when a closed review left too few bidders.

    Args:
        state: state of the room, review closed, guard of the next stage not satisfied.

    Returns:
        The failure of the tender, or nothing while the committee's decision is awaited.

    Source: 政府采购法 第36条; 评标委员会和评标方法暂行规定 第27条
    """
    closed, rules = state.preliminary, state.setup.rules
    if closed is None:
        return []
    if not closed.valid:
        failed = RoomFailed("all_rejected", closed.bidders_counted, rules.prelim_min_valid)
    elif rules.prelim_below_min == "stop":
        failed = RoomFailed("too_few_valid_bids", closed.bidders_counted, rules.prelim_min_valid)
    elif state.competition and state.competition.lacking:
        failed = RoomFailed("competition_lacking", closed.bidders_counted, rules.prelim_min_valid)
    else:
        return []
    return [failed, StageChanged(Stage.PRELIMINARY, Stage.FAILED)]
