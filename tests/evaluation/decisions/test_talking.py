import pytest

from evaluation import commands as cmd
from evaluation.commands_talk import LowerHand, RaiseHand, Say, Warn
from evaluation.decisions.situation import Situation
from evaluation.decisions.talking import require_no_score
from evaluation.errors import AlreadyDone, ReasonMissing, RoleForbidden, UnknownSeat
from evaluation.protocol import Actor
from evaluation.refusals_states import HandNotRaised, ScoreBearing
from evaluation.stages import Stage

SUPERVISOR = Actor("supervisor")


def member(seat_id):
    return Actor("member", seat_id=seat_id)


def test_er_12_a_score_is_not_said_before_all_have_submitted_and_may_be_afterwards(new_play):
    play = new_play().go(Stage.DETAILED)
    with pytest.raises(ScoreBearing):
        play.do(Say("Canary bidder A: 45"), member("S2"))
    [said] = play.do(Say("请看第 12 页"), member("S2"))
    assert not said.after_submission
    play.go(Stage.CONSISTENCY_CHECK)
    [said] = play.do(Say("Canary bidder A: 45"), member("S2"))
    assert said.after_submission
    open_rules = new_play(rules={"score_blind": False}).go(Stage.DETAILED)
    require_no_score(Situation(open_rules.room.state, member("S2"), open_rules.at), "A 45")


def test_hands_go_up_and_down(play):
    play.go(Stage.DETAILED)
    play.do(RaiseHand(), member("S2"))
    play.do(RaiseHand(), member("S3"))
    with pytest.raises(AlreadyDone):
        play.do(RaiseHand(), member("S2"))
    with pytest.raises(HandNotRaised):
        play.do(LowerHand("S3"), member("S2"))
    assert play.room.state.talk.hands == ("S2", "S3")
    play.do(LowerHand("S3"), play.leader)
    play.do(LowerHand(), member("S2"))
    with pytest.raises(HandNotRaised):
        play.do(LowerHand(), member("S2"))
    assert play.room.state.talk.hands == ()


def test_tbr_art_61_the_supervisor_warns_one_or_all(play):
    play.go(Stage.DETAILED)
    with pytest.raises(RoleForbidden):
        play.do(Warn("stop it"), play.leader)
    with pytest.raises(UnknownSeat):
        play.do(Warn("stop it", "S9"), SUPERVISOR)
    with pytest.raises(ReasonMissing):
        play.do(Warn(" "), SUPERVISOR)
    play.do(Warn("no talk about scores"), SUPERVISOR)
    play.do(Warn("last warning", "S3"), SUPERVISOR)
    assert [item.seat_id for item in play.room.state.talk.warnings] == [None, "S3"]


def test_talk_is_recorded_and_survives_going_back(play):
    play.go(Stage.DETAILED)
    play.do(Say("hello"), member("S2"))
    play.do(cmd.ReplaceSeat("S2", "T9", "ill"), SUPERVISOR)
    assert [item.text for item in play.room.state.talk.messages] == ["hello"]
