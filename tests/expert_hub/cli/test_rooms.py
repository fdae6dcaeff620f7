"""`expert-hub room`: exit codes and sentences; what a replay finds is told in the tests of the rooms."""

import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text


@pytest.fixture
async def opened(api: Any, command_line: Any) -> tuple[Any, str]:
    """The command line on the database of a hub with an open room, and the room's id."""
    room_id = await api.room()
    return replace(command_line, env={**command_line.env, "DATABASE_URL": api.hub.settings.database_url}), room_id


async def test_a_replay_says_pass_or_names_the_difference(api: Any, opened: tuple[Any, str]) -> None:
    expert_hub, room_id = opened
    end = expert_hub.run("--lang", "en", "room", "replay", room_id)
    assert (end.code, end.err) == (0, "")
    assert end.out.startswith(f"room {room_id}: 2 records, stage committee_ready, digest ")
    assert end.out.endswith(": PASS\n")
    async with api.hub.database.write() as session:
        await session.execute(text("UPDATE evaluation_room SET stage = 'closed'"))
    for language, said in (
        ("en", "row of the room: the stage after record 2 is stored as closed, the records give committee_ready"),
        ("zh", "评标室登记：记录 2 之后的阶段存为 closed，应为 committee_ready"),
    ):
        end = expert_hub.run("--lang", language, "room", "replay", room_id)
        assert (end.code, end.err, end.out.splitlines()[0]) == (1, "", said)
        assert end.out.endswith("FAIL\n")
    end = expert_hub.run("room", "replay", room_id, "--json")
    found = json.loads(end.out)
    assert (end.code, found["verdict"], found["differences"][0]["where"]) == (1, "FAIL", "room")


async def test_what_cannot_be_replayed_is_refused(opened: tuple[Any, str]) -> None:
    expert_hub, room_id = opened
    assert expert_hub.refused("room", "replay", "0" * 32)[0] == "hub/not-found"
    assert expert_hub.refused("room", "replay", room_id, "--report", "absent")[0] == "hub/file-missing"
