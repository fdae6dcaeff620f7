import pytest

from evaluation import commands as cmd
from evaluation.decisions.situation import PERMISSIONS, Situation, enter_stage, require_permission, require_text
from evaluation.errors import MembersNotReady, ReasonMissing, RoleForbidden
from evaluation.protocol import Actor
from evaluation.stages import Stage


def test_a_blank_text_is_no_reason():
    assert require_text(" because ") == " because "
    with pytest.raises(ReasonMissing):
        require_text(" \n\t　")


def test_a_stage_is_entered_only_when_its_guard_is_silent(play):
    play.go(Stage.CHECK_IN)
    now = Situation(play.room.state, Actor("system"), play.at)
    with pytest.raises(MembersNotReady):
        enter_stage(now, Stage.LEADER_ELECTION)


@pytest.mark.parametrize("role", ["auditor", "procuring_entity", "system"])
def test_those_who_watch_give_no_command(play, role):
    now = Situation(play.room.state, Actor(role), play.at)
    for command in (cmd.OpenCheckIn(), cmd.SubmitSheet(), cmd.Archive(), cmd.ReplaceSeat("S1", "T9", "x")):
        with pytest.raises(RoleForbidden):
            require_permission(now, command)


def test_only_members_enter_what_counts_in_the_result():
    outsiders = {command.__name__ for command, row in PERMISSIONS.items() if "member" not in row.roles}
    course = {"SuspendRoom", "DecideBacktrack", "RebuildCommittee", "MarkOffline", "MarkOnline", "SealOutage"}
    course |= {"DecideOutage", "ExtendTime", "RecordPublication", "Warn"}
    relays = {"DecideQualification", "RelayClarification", "RecordAnswer", "OpenReevaluation"}
    assert outsiders == {"OpenCheckIn", "ConfirmIdentity", "ReplaceSeat", "Archive"} | course | relays
