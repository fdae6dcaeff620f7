"""Ballot for the committee leader, and the briefing."""

from collections import Counter

from evaluation.commands import ConfirmBriefing, StartPreliminary, VoteLeader
from evaluation.decisions.situation import Situation, enter_stage
from evaluation.errors import AlreadyDone
from evaluation.events import BallotTied, BriefingConfirmed, Event, LeaderElected, LeaderVoteCast
from evaluation.refusals import AlreadyVoted, NotEligibleLeader
from evaluation.stages import Stage
from evaluation.state import RoomState


def eligible_leaders(state: RoomState) -> tuple[str, ...]:
    """Return who may be chosen in the present round.

    Args:
        state: state of the room.

    Returns:
        Seat ids: the tied of the last round, in the first round every seat but those the rules bar from leading.

    Source: 财政部令第87号 第45条; 评标委员会和评标方法暂行规定 第9条
    """
    if state.runners:
        return state.runners
    any_kind = state.setup.rules.leader_rep_allowed
    return tuple(seat.seat_id for seat in state.setup.seats if any_kind or seat.kind == "expert")


def vote_leader(now: Situation, command: VoteLeader) -> list[Event]:
    """Cast one secret vote.

    Args:
        now: the situation.
        command: the seat chosen.

    Returns:
        The vote; counting follows when the last vote of the round is in.

    Raises:
        AlreadyVoted: on a second vote in this round.
        NotEligibleLeader: for a seat that may not be chosen in this round.

    Source: 评标委员会和评标方法暂行规定 第9条
    """
    if now.seat_id in now.state.ballots:
        raise AlreadyVoted()
    if command.candidate_seat_id not in eligible_leaders(now.state):
        raise NotEligibleLeader()
    return [LeaderVoteCast(now.seat_id, now.state.round, command.candidate_seat_id)]


def count_round(state: RoomState) -> BallotTied | LeaderElected:
    """Count a complete round.

    Args:
        state: state of the room, with a vote of every seat.

    Returns:
        The leader when one seat has most votes; else the tied, who stand in the next round; after the last round the
        earliest of the tied in the order of the draw leads.

    Source: 评标委员会和评标方法暂行规定 第9条; rounds: engineering choice
    """
    tally = dict(sorted(Counter(state.ballots.values()).items()))
    most = max(tally.values())
    tied = tuple(seat_id for seat_id, votes in tally.items() if votes == most)
    if len(tied) == 1:
        return LeaderElected(tied[0], state.round, tally, "ballot")
    if state.round < state.setup.rules.leader_max_rounds:
        return BallotTied(state.round, tally, tied)
    first = next(seat_id for seat_id in state.setup.draw_order if seat_id in tied)
    return LeaderElected(first, state.round, tally, "draw_order")


def confirm_briefing(now: Situation, _: ConfirmBriefing) -> list[Event]:
    """Record that a member has read document, standard and method.

    Args:
        now: the situation.

    Returns:
        The confirmation.

    Raises:
        AlreadyDone: on a second confirmation.

    Source: 财政部令第87号 第45条
    """
    if now.standing.briefed:
        raise AlreadyDone()
    return [BriefingConfirmed(now.seat_id)]


def start_preliminary(now: Situation, _: StartPreliminary) -> list[Event]:
    """Begin the preliminary review.

    Args:
        now: the situation.

    Returns:
        The change of stage.

    Raises:
        BriefingIncomplete: while a confirmation is missing.

    Source: 财政部令第87号 第50条
    """
    return [enter_stage(now, Stage.PRELIMINARY)]
