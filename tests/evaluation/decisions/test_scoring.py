import pytest

from evaluation import commands as cmd
from evaluation.errors import AlreadyDone, ReasonMissing, UnknownBid, UnknownCriterion
from evaluation.events import AlertsRaised, ScoreEntered, SheetSubmitted, StageChanged
from evaluation.protocol import Actor
from evaluation.refusals import (
    AlertAnswerContradictory,
    AlertClosed,
    AlertsOpen,
    ScoreMalformed,
    ScoreOffStep,
    ScoreOutOfRange,
    SheetIncomplete,
    SheetSubmittedAlready,
    UnknownAlert,
)
from evaluation.stages import Stage

SEATS = ("S1", "S2", "S3", "S4", "S5")
BASE = {("A", "T"): "40", ("B", "T"): "41", ("C", "T"): "43", ("A", "B"): "19", ("B", "B"): "17", ("C", "B"): "18"}


def member(seat_id):
    return Actor("member", seat_id=seat_id)


@pytest.fixture
def detailed(play):
    return play.go(Stage.DETAILED)


@pytest.mark.parametrize(
    ("bid_id", "criterion_id", "value", "refusal"),
    [
        ("Z", "T", "1", UnknownBid),
        ("A", "X", "1", UnknownCriterion),
        ("A", "P", "1", UnknownCriterion),
        ("A", "T", "many", ScoreMalformed),
        ("A", "T", "50.01", ScoreOutOfRange),
        ("A", "T", "-0.01", ScoreOutOfRange),
        ("A", "T", "1.005", ScoreOffStep),
    ],
)
def test_er_11_only_values_the_document_knows_are_taken(detailed, bid_id, criterion_id, value, refusal):
    with pytest.raises(refusal):
        detailed.do(cmd.EnterScore(bid_id, criterion_id, value), member("S1"))


def test_a_rejected_bid_is_not_scored(new_play, setup):
    from msgspec.structs import replace

    bids = (*setup.bids, replace(setup.bids[0], bid_id="D"))
    play = new_play(bids=bids).go(Stage.PRELIMINARY)
    play.vote_all({("A", "K1"): ("S1", "S2", "S3")})
    play.do(cmd.ClosePreliminary(), play.leader)
    with pytest.raises(UnknownBid):
        play.do(cmd.EnterScore("A", "T", "1"), member("S1"))


def test_a_value_may_be_replaced_until_the_sheet_is_final(detailed):
    detailed.do(cmd.EnterScore("A", "T", "1"), member("S1"))
    with pytest.raises(SheetIncomplete) as refusal:
        detailed.do(cmd.SubmitSheet(), member("S1"))
    assert refusal.value.facts == {"missing": 5}
    detailed.fill("S1")
    assert detailed.do(cmd.EnterScore("A", "T", "44.50"), member("S1")) == [ScoreEntered("S1", "A", "T", "44.50")]
    assert detailed.do(cmd.SubmitSheet(), member("S1")) == [SheetSubmitted("S1")]
    for command in (cmd.EnterScore("A", "T", "1"), cmd.SubmitSheet()):
        with pytest.raises(SheetSubmittedAlready):
            detailed.do(command, member("S1"))


def test_the_last_submission_starts_the_consistency_check(detailed):
    for seat_id in SEATS:
        detailed.fill(seat_id)
        events = detailed.do(cmd.SubmitSheet(), member(seat_id))
    assert events == [
        SheetSubmitted("S5"),
        StageChanged(Stage.DETAILED, Stage.PERSONAL_SUBMITTED),
        StageChanged(Stage.PERSONAL_SUBMITTED, Stage.CONSISTENCY_CHECK),
        AlertsRaised(()),
    ]


@pytest.fixture
def mismatch(play):
    play.marks = dict.fromkeys(SEATS, BASE) | {"S4": {**BASE, ("A", "B"): "18"}}
    return play.go(Stage.CONSISTENCY_CHECK)


def test_o87_art_64_an_objective_mismatch_blocks_until_all_agree(mismatch):
    answers = [mismatch.do(cmd.AnswerAlert("A1", True, "the contract counts"), member(seat)) for seat in SEATS[:3]]
    assert [event.closed for [event] in answers] == [False] * 3
    with pytest.raises(AlertsOpen):
        mismatch.do(cmd.ConfirmConsistency(), member("S1"))
    [event] = mismatch.do(cmd.AnswerAlert("A1", False, "misread", "19.00"), member("S4"))
    assert (event.previous, event.value, event.closed) == ("18", "19.00", True)
    with pytest.raises(AlertClosed):
        mismatch.do(cmd.AnswerAlert("A1", True, "again"), member("S5"))
    mismatch.do(cmd.ConfirmConsistency(), member("S1"))
    with pytest.raises(AlreadyDone):
        mismatch.do(cmd.ConfirmConsistency(), member("S1"))


@pytest.fixture
def outlier(play):
    play.marks = dict.fromkeys(SEATS, BASE) | {"S4": {**BASE, ("A", "T"): "3"}}
    return play.go(Stage.CONSISTENCY_CHECK)


def test_er_13_a_warning_is_answered_by_its_member_with_a_reason(outlier):
    with pytest.raises(UnknownAlert):
        outlier.do(cmd.AnswerAlert("A1", True, "mine?"), member("S1"))
    with pytest.raises(UnknownAlert):
        outlier.do(cmd.AnswerAlert("A7", True, "none"), member("S4"))
    with pytest.raises(ReasonMissing):
        outlier.do(cmd.AnswerAlert("A1", True, " "), member("S4"))
    with pytest.raises(AlertsOpen):
        outlier.do(cmd.ConfirmConsistency(), member("S1"))
    [event] = outlier.do(cmd.AnswerAlert("A1", True, "weak concept"), member("S4"))
    assert (event.keep, event.value, event.closed) == (True, "3", True)


@pytest.mark.parametrize(("keep", "value"), [(True, "5"), (False, None), (False, ""), (False, "3.00")])
def test_er_13_an_answer_either_keeps_or_changes(outlier, keep, value):
    with pytest.raises(AlertAnswerContradictory):
        outlier.do(cmd.AnswerAlert("A1", keep, "because", value), member("S4"))


def test_er_13_a_changed_score_keeps_to_the_range_and_counts(outlier):
    with pytest.raises(ScoreOutOfRange):
        outlier.do(cmd.AnswerAlert("A1", False, "because", "51"), member("S4"))
    outlier.do(cmd.AnswerAlert("A1", False, "misread", "40"), member("S4"))
    outlier.go(Stage.CANDIDATES)
    results = {item.bid_id: item for item in outlier.room.state.totals.results}
    assert results["A"].items["T"] == "40.00"
