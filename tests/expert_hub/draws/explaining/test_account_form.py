"""Times and checkpoints as the account shows them."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from expert_hub.draws.explaining.account_form import OUTCOMES, Story, checkpoint_line, moment
from expert_hub.draws.explaining.transcript_form import TranscriptForm
from scheduling.verify_draw import VACATING
from tests.expert_hub.draws.pictured import golden


def story(language: Any = "en") -> Story:
    return Story(msgspec.convert(golden(), TranscriptForm), {}, (), language)


def test_times_are_those_of_the_clock_on_the_wall() -> None:
    assert moment(datetime(2026, 3, 1, 23, 30, 5, tzinfo=UTC)) == "2026-03-02 07:30:05"


def test_a_checkpoint_says_how_many_entries_and_who_cosigned() -> None:
    note = golden()["stamp"]["checkpoint"]
    said = checkpoint_line(story(), note)
    assert said.startswith(f"Checkpoint over {note.splitlines()[1]} entries; cosigned by ")
    names = {line.split(" ")[1] for line in note.splitlines()[4:]} - {note.splitlines()[0]}
    assert names
    assert all(f"{name} 20" in said for name in names)
    assert "nobody" in checkpoint_line(story(), "\n".join(note.splitlines()[:5]) + "\n")


@pytest.mark.parametrize("note", ["", "a\n1\n", "\ud800", "a\n-1\nAA==\n\n— a AA==\n"])
def test_a_broken_checkpoint_is_said_to_be_broken(note: str) -> None:
    assert checkpoint_line(story(), note) == "The checkpoint is not of its form"
    assert checkpoint_line(story("zh"), note) == "检查点格式不正确"


def test_every_outcome_of_the_protocol_has_a_name() -> None:
    assert set(OUTCOMES) == {"confirmed", *VACATING}
