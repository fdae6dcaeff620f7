"""The whole story is told in `tests/scenarios/test_demo.py`; here is how it does not begin, and how it tidies up."""

from pathlib import Path

import pytest

from expert_hub.demo.officers import StepRefused
from expert_hub.demo.preparation import FolderNotOurs, Officer, Stage
from expert_hub.demo.story import Plan, play_story, sitting
from expert_hub.demo.telling import silent
from expert_hub.identity.rules import Role
from expert_hub.sample.writer import SamplePaths


async def test_nothing_is_said_or_made_in_a_foreign_folder(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").touch()
    said: list[str] = []
    with pytest.raises(FolderNotOurs):
        await play_story(Plan(tmp_path, 300, 0, ends=True), lambda zh, en: said.append(en))
    assert said == []
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


async def test_no_room_opens_for_an_officer_who_cannot_log_in(api: object, sample: SamplePaths, tmp_path: Path) -> None:
    officers = {"centre": Officer("centre", "a password that is wrong", Role.CENTRE_OPERATOR)}
    stage = Stage(tmp_path, sample, officers, {}, {})
    with pytest.raises(StepRefused, match="identity/login-refused"):
        async with sitting(stage, api.address, silent):  # type: ignore[attr-defined]
            raise AssertionError("the room is open")
