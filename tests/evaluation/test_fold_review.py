from datetime import timedelta

from evaluation.events_review import BidRejected, ReviewEvent
from evaluation.findings import Rejection
from evaluation.fold import fold
from evaluation.fold_review import REVIEW_FOLDS
from evaluation.stages import Stage


def test_every_event_of_the_review_has_its_fold():
    assert set(REVIEW_FOLDS) >= set(ReviewEvent.__args__)


def test_a_bid_rejected_after_the_close_leaves_the_valid_ones_and_reopens_competition(play):
    play.go(Stage.DETAILED)
    state = play.room.state.copy()
    rejection = Rejection("B", "low_price", 4, 5, (("P6", "1"),))
    fold(state, BidRejected(rejection, ("A", "C"), 2), play.at + timedelta(seconds=1))
    assert (state.preliminary.valid, state.preliminary.bidders_counted) == (("A", "C"), 2)
    assert state.preliminary.rejections == state.review.exclusions == (rejection,)
    assert play.room.state.preliminary.valid == ("A", "B", "C")
