"""What the list offers in each situation, and which command comes of it."""

from typing import Any

import msgspec
import pytest

from evaluation import commands as cmd
from evaluation.commands_review import VoteMotion
from evaluation.commands_states import VoteStop, VoteTimeShort
from evaluation.protocol import decode_command
from evaluation.stages import Stage
from expert_hub.seat_client.steps import STAGE_NAMES, steps_for

OWN = {
    "seat_id": "s1", "identity_confirmed": True, "checked_in": True, "promise": "clear", "briefed": True,
    "confirmed": False, "leader": False, "end": None,
}  # fmt: skip
ALERT = {"alert_id": "a1", "bid_id": "B1", "criterion_id": "T1", "value": "9", "closed": False}


def seen(stage: str, own: dict[str, Any] | None = None, **sections: Any) -> dict[str, Any]:
    return {"stage": {"stage": stage}, "me": OWN | (own or {}), **sections}


def commands(view: dict[str, Any], answer: str = "why") -> dict[str, Any]:
    """The command of every step, every question answered alike; each is one that the protocol reads."""
    found = {step.name: step.make(*[answer] * len(step.asks)) for step in steps_for(view)}
    for command in found.values():
        assert decode_command(msgspec.json.encode(command)) == command
    for step in steps_for(view):
        assert all(step.words)
        assert step.words[0] != step.words[1]
    return found


@pytest.mark.parametrize(
    ("view", "name", "command"),
    [
        (seen("check_in", {"checked_in": False}), "check_in", cmd.CheckIn(True)),
        (seen("check_in", {"promise": "none"}, bids=[]), "promise", cmd.SignPromise(False)),
        (seen("check_in", {"promise": "none"}, bids=[]), "conflict", cmd.SignPromise(True, "why")),
        (seen("briefing", {"briefed": False}), "briefing", cmd.ConfirmBriefing()),
        (seen("briefing", {"leader": True}), "start", cmd.StartPreliminary()),
        (seen("preliminary", {"leader": True}), "close", cmd.ClosePreliminary()),
        (seen("detailed", my_sheet={"missing": 1, "submitted": False}), "submit", cmd.SubmitSheet()),
        (seen("consistency_check", alerts=[ALERT]), "keep a1", cmd.AnswerAlert("a1", True, "why")),
        (seen("consistency_check", alerts=[ALERT]), "change a1", cmd.AnswerAlert("a1", False, "why", "why")),
        (seen("consistency_check"), "consistent", cmd.ConfirmConsistency()),
        (
            seen("candidates", {"leader": True}, results={"open_ties": []}),
            "propose",
            cmd.ProposeCandidates("why", "why"),
        ),
        (seen("report_signing"), "sign", cmd.SignReport(True)),
        (seen("report_signing"), "dissent", cmd.SignReport(False, "why")),
        (
            seen("report_signing", {"leader": True}, signing=[{"seat_id": "s2", "end": None}]),
            "deem s2",
            cmd.NoteDeemedAgreed("s2", "why"),
        ),
        (
            seen("detailed", my_sheet={"missing": 0, "submitted": True}, defect={"report_id": "d1", "my_vote": None}),
            "stop False",
            VoteStop("d1", agree=False),
        ),
        (
            seen("preliminary", motions=[{"motion_id": "m1", "kind": "low_price", "carried": None, "mine": None}]),
            "motion m1 True",
            VoteMotion("m1", favour=True, reason="why"),
        ),
        (seen("preliminary"), "time", VoteTimeShort(short=True)),
    ],
)
def test_a_step_gives_its_command(view: dict[str, Any], name: str, command: Any) -> None:
    assert commands(view)[name] == command


def test_ties_take_an_order_and_a_way() -> None:
    view = seen("candidates", {"leader": True}, results={"open_ties": [{"kind": "place", "bid_ids": ["B1", "B2"]}]})
    found = commands(view, "B2 B1")
    assert found["tie B1 B2 draw"] == cmd.ResolveTie(("B2", "B1"), "draw", "B2 B1")


def test_each_who_may_lead_can_be_voted_for_once() -> None:
    seats = [{"seat_id": f"s{n}", "alias": f"评委{n}"} for n in (1, 2, 3)]
    ballot = {"my_vote": None, "eligible": ["s1", "s3"]}
    found = commands(seen("leader_election", seats=seats, ballot=ballot))
    assert {name: one for name, one in found.items() if name.startswith("vote")} == {
        "vote s1": cmd.VoteLeader("s1"),
        "vote s3": cmd.VoteLeader("s3"),
    }
    voted = seen("leader_election", seats=seats, ballot=ballot | {"my_vote": "s1"})
    assert not [name for name in commands(voted) if name.startswith("vote")]


@pytest.mark.parametrize(
    "view",
    [
        {},
        seen("check_in", {"checked_in": False, "identity_confirmed": False}),
        seen("check_in"),
        seen("closed"),
        seen("detailed", my_sheet={"missing": 1, "submitted": False}, hold={"kind": "paused"}),
    ],
)
def test_nothing_is_offered_when_nothing_can_be_done(view: dict[str, Any]) -> None:
    assert steps_for(view) == []


def test_what_only_the_leader_does_is_offered_to_the_leader_only() -> None:
    for stage in ("briefing", "preliminary", "candidates", "report_signing"):
        said = [step.words[1] for step in steps_for(seen(stage, results={"open_ties": []}, signing=[]))]
        assert not [words for words in said if words.startswith("Leader")]


def test_every_stage_has_a_name_in_both_languages() -> None:
    assert set(STAGE_NAMES) == {str(stage) for stage in Stage}
