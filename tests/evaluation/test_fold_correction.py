from evaluation.events_correction import AbnormalCalled, CorrectionEvent, ScoreReplaced
from evaluation.fold import fold
from evaluation.fold_correction import CORRECTION_FOLDS
from evaluation.stages import Stage


def test_every_event_after_the_totals_has_its_fold():
    assert set(CORRECTION_FOLDS) == set(CorrectionEvent.__args__)


def test_a_changed_score_voids_what_followed_from_the_totals(play):
    play.go(Stage.REPORT_SIGNING)
    state = play.room.state.copy()
    fold(state, AbnormalCalled("N1", "S1", "S2", "A", "T", "far off"), play.at)
    fold(state, ScoreReplaced("N1", "45.60", "44"), play.at)
    assert (state.totals, state.proposal, state.open_ties, state.resolutions) == (None, None, (), ())
    assert state.sheets["S2"]["A", "T"] == "44"
    assert play.room.state.sheets["S2"]["A", "T"] == "45.60"
