"""Preliminary review: votes on checks, rejection by more than half of all seats, too few valid bids."""

from evaluation.check_lists import committee_checks
from evaluation.commands import ClosePreliminary, DecideCompetition, VoteCheck
from evaluation.decisions.readiness import is_short_of_bids, require_settled
from evaluation.decisions.situation import Situation, require_text
from evaluation.errors import AlreadyDone, UnknownBid, UnknownCheck
from evaluation.events import CheckVoted, CompetitionDecided, Event, PreliminaryClosed, RoomFailed, StageChanged
from evaluation.events_review import CompetitionVoted
from evaluation.findings import Rejection
from evaluation.ranking import count_bidders
from evaluation.refusals import DecisionNotDue, GroundMissing, GroundOnPass, GroundUnknown, VotesMissing
from evaluation.refusals_review import (
    AskFirst,
    CauseOnPass,
    CheckNotYours,
    QualificationMissing,
)
from evaluation.review_state import Opinion
from evaluation.stages import Stage
from evaluation.state import RoomState, qualification_missing, votes_missing


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
        CheckNotYours: for a check of the procuring entity.
        CauseOnPass, AskFirst: as `require_asked` says.

    Source: 招标投标法实施条例 第51条; 财政部令第87号 第63条
    """
    setup = now.state.setup
    if now.state.preliminary:
        raise AlreadyDone()
    if not any(bid.bid_id == command.bid_id for bid in setup.bids):
        raise UnknownBid()
    if not any(check.check_id == command.check_id for check in setup.checks):
        raise UnknownCheck()
    if not any(check.check_id == command.check_id for check in committee_checks(setup)):
        raise CheckNotYours()
    ground, page = (command.ground or "").strip(), (command.page or "").strip()
    require_ground(command.passed, ground, page, setup.rules.prelim_grounds)
    require_asked(now.state, command)
    return [
        CheckVoted(
            seat_id=now.seat_id,
            bid_id=command.bid_id,
            check_id=command.check_id,
            passed=command.passed,
            ground=ground or None,
            page=page or None,
            note=command.note,
            cause=command.cause,
        )
    ]


def require_asked(state: RoomState, vote: VoteCheck) -> None:
    """Refuse a vote to reject for unclear text, an evident error or a suspected low price before the bidder was asked.

    Args:
        state: state of the room.
        vote: the vote and its cause.

    Raises:
        CauseOnPass: for a passing vote with a cause.
        AskFirst: when the rules want the bidder asked and no question for this cause is answered or lapsed.

    Source: 评标委员会和评标方法暂行规定 第19条, 第21条; 财政部令第87号 第51条, 第60条
    """
    if vote.cause is None:
        return
    if vote.passed:
        raise CauseOnPass()
    if state.setup.rules.clarify_before_reject and not state.review.was_asked(vote.bid_id, vote.cause):
        raise AskFirst()


def require_ground(passed: bool, ground: str, page: str, grounds: tuple[str, ...]) -> None:
    """Refuse a failure without a ground of the rules and its page, and a pass with a ground.

    Args:
        passed: whether the check is passed.
        ground: code of the ground, empty for none.
        page: page of the bid, empty for none.
        grounds: grounds of the rules.

    Raises:
        GroundMissing, GroundUnknown, GroundOnPass: when it is so.

    Source: 招标投标法实施条例 第51条; 财政部令第87号 第63条
    """
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
    """Count the votes per bid and check, behind what the procuring entity and the law have put out already.

    Args:
        state: state of the room.

    Returns:
        Unqualified bids, bids out by law, then rejections by vote in the order of bids and checks, with every ground
        and page named.

    Source: 招标投标法实施条例 第51条; 财政部令第87号 第44条, 第61条
    """
    seats, out = len(state.seats), state.review.excluded()
    unqualified = (item for item in state.review.qualifications.values() if not item.passed)
    found = [
        Rejection(item.bid_id, item.check_id, 0, 0, ((item.ground, item.page),), "procuring_entity")
        for item in unqualified
    ]
    found += state.review.exclusions
    for bid in state.setup.bids:
        if bid.bid_id in out:
            continue
        for check in committee_checks(state.setup):
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
        QualificationMissing: while the procuring entity has not decided every check of its own.
        ClarificationsOpen, MotionsOpen: while the bidders or the committee owe an answer.

    Source: 财政部令第87号 第50条
    """
    state = now.state
    if state.preliminary:
        raise AlreadyDone()
    require_settled(state)
    if undecided := qualification_missing(state):
        raise QualificationMissing(missing=undecided)
    if missing := votes_missing(state):
        raise VotesMissing(missing=missing)
    rejections = find_rejections(state)
    rejected = {item.bid_id for item in rejections}
    valid = [bid for bid in state.setup.bids if bid.bid_id not in rejected]
    counted = count_bidders(valid, state.setup.rules.brand_counts_once)
    return [PreliminaryClosed(tuple(bid.bid_id for bid in valid), counted, rejections)]


def decide_competition(now: Situation, command: DecideCompetition) -> list[Event]:
    """Vote whether competition is clearly lacking; the last vote decides it by more than half of all seats.

    Args:
        now: the situation.
        command: the vote and its reason.

    Returns:
        The vote; with the last one also the decision, with the reasons of the majority.

    Raises:
        DecisionNotDue: unless too few valid bids are left and the rules leave it to the committee.
        AlreadyDone: on a second vote.
        ReasonMissing: without a reason.

    Source: 评标委员会和评标方法暂行规定 第27条; 发改法规规〔2022〕1117号
    """
    state = now.state
    argued = state.setup.rules.prelim_below_min == "argued_vote"
    if not (argued and is_short_of_bids(state)) or state.competition or state.preliminary is None:
        raise DecisionNotDue()
    cast = state.review.competition_votes
    if now.seat_id in cast:
        raise AlreadyDone()
    vote = CompetitionVoted(now.seat_id, command.lacking, require_text(command.reason))
    if len(cast) + 1 < len(state.seats):
        return [vote]
    opinions = [*cast.values(), Opinion(command.lacking, command.reason)]
    votes = sum(opinion.favour for opinion in opinions)
    lacking = is_majority(votes, len(state.seats))
    reason = "\n".join(opinion.reason for opinion in opinions if opinion.favour is lacking)
    counted = state.preliminary.bidders_counted
    return [vote, CompetitionDecided(lacking, reason, counted, votes, len(state.seats))]


def fail_or_wait(state: RoomState) -> list[Event]:
    """Decide what follows when a closed review left too few bidders.

    Args:
        state: state of the room, preliminary or detailed review, too few bids left.

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
    return [failed, StageChanged(state.stage, Stage.FAILED)]
