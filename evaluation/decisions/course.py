"""Which decision answers which command of the course and of talk."""

from collections.abc import Callable
from typing import Any

from evaluation import commands_states as cmd
from evaluation import commands_talk as talk
from evaluation.decisions import backtracking, endings, holds, outages, talking, time_votes
from evaluation.decisions.situation import Situation
from evaluation.events import Event

COURSE: dict[type[Any], Callable[[Situation, Any], list[Event]]] = {
    cmd.PauseRoom: holds.pause_room,
    cmd.SuspendRoom: holds.suspend_room,
    cmd.ResumeRoom: holds.resume_room,
    cmd.RequestBacktrack: backtracking.request_backtrack,
    cmd.DecideBacktrack: backtracking.decide_backtrack,
    cmd.RebuildCommittee: endings.rebuild_committee,
    cmd.ReportDefect: endings.report_defect,
    cmd.VoteStop: endings.vote_stop,
    cmd.RecordPublication: endings.record_publication,
    cmd.MarkOffline: outages.mark_offline,
    cmd.MarkOnline: outages.mark_online,
    cmd.SealOutage: outages.seal_outage,
    cmd.DecideOutage: outages.decide_outage,
    cmd.VoteTimeShort: time_votes.vote_time_short,
    cmd.ExtendTime: time_votes.extend_time,
    talk.Say: talking.say,
    talk.RaiseHand: talking.raise_hand,
    talk.LowerHand: talking.lower_hand,
    talk.Warn: talking.warn,
}
