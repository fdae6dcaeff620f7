"""Whether the review is done: nothing owed by a bidder or the committee, and enough bids or a decision."""

from evaluation.refusals_review import ClarificationsOpen, CompetitionUndecided, LowPricesOpen, MotionsOpen
from evaluation.state import RoomState


def require_settled(state: RoomState) -> None:
    """Refuse to go on while a bidder or the committee owes an answer.

    Args:
        state: state of the room.

    Raises:
        ClarificationsOpen: while a clarification is open.
        MotionsOpen: while a motion is not decided.

    Source: 财政部令第87号 第51条
    """
    if waiting := state.review.open_clarifications():
        raise ClarificationsOpen(open=len(waiting))
    if motions := state.review.open_motions():
        raise MotionsOpen(open=len(motions))


def require_review_done(state: RoomState) -> None:
    """Refuse to make a sheet final while the review is not done.

    Args:
        state: state of the room, in the detailed review.

    Raises:
        ClarificationsOpen, MotionsOpen: while a bidder or the committee owes an answer.
        LowPricesOpen: while the explanation of a low price is not judged.
        CompetitionUndecided: while too few bids are left and the committee has not decided.

    Source: 财政部令第87号 第51条, 第60条; 评标委员会和评标方法暂行规定 第27条
    """
    require_settled(state)
    if prices := state.review.open_low_prices():
        raise LowPricesOpen(open=len(prices))
    if is_short_of_bids(state) and state.competition is None:
        raise CompetitionUndecided()


def is_short_of_bids(state: RoomState) -> bool:
    """Say whether fewer bidders are left than the rules ask for.

    Args:
        state: state of the room.

    Returns:
        True once the preliminary review is closed with too few.

    Source: 财政部令第87号 第44条; 评标委员会和评标方法暂行规定 第27条
    """
    closed = state.preliminary
    return closed is not None and closed.bidders_counted < state.setup.rules.prelim_min_valid
