"""What an account of a draw is made of: steps with facts, a purpose and perhaps a table."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple

from expert_hub.draws.explaining.explanation import QuotaShare
from expert_hub.draws.explaining.transcript_form import EntryForm, TranscriptForm
from expert_hub.draws.explaining.wording import pick
from expert_hub.foundation.clock import HUB_ZONE
from expert_hub.foundation.errors import Language
from scheduling.verify_draw import read_checkpoint

OUTCOMES: Final = {
    "confirmed": ("确认参加", "confirmed"),
    "declined": ("谢绝", "declined"),
    "no-answer": ("无人应答", "no answer"),
    "withdrawn": ("接受后退出", "withdrew"),
    "absent": ("未到场", "absent"),
    "conflict": ("发现利害关系", "conflict found"),
    "unwell": ("身体不适", "unwell"),
    "misconduct": ("违规", "misconduct"),
    "unreachable": ("无法联系", "unreachable"),
}
"""What became of a drawn person."""

_WITNESS_OCTETS = 76


class Grid(NamedTuple):
    """A table: headings and rows of text."""

    heads: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


class Step(NamedTuple):
    """One step.

    Args:
        title: what was done.
        facts: what the transcript says about it.
        purpose: what it proves once it is verified.
        grid: a table, where one tells more.
    """

    title: str
    facts: list[str]
    purpose: str
    grid: Grid | None = None


class Story(NamedTuple):
    """A transcript with what is needed to tell it."""

    transcript: TranscriptForm
    entries: dict[int, EntryForm]
    quotas: Sequence[QuotaShare]
    language: Language

    def say(self, zh: str, en: str) -> str:
        """The text in the reader's language."""
        return pick(self.language, zh, en)


def moment(at: datetime) -> str:
    """An instant as the clock of the hub shows it."""
    return f"{at.astimezone(HUB_ZONE):%Y-%m-%d %H:%M:%S}"


def checkpoint_line(story: Story, note: str) -> str:
    """What a checkpoint covers and who cosigned it when."""
    found = read_checkpoint(note)
    if found is None:
        return story.say("检查点格式不正确", "The checkpoint is not of its form")
    signers = [
        f"{name} {moment(datetime.fromtimestamp(int.from_bytes(blob[4:12], 'big'), UTC))}"
        for name, blob in found.lines
        if len(blob) == _WITNESS_OCTETS and int.from_bytes(blob[4:12], "big") < 2**33
    ]
    shown = story.say("、", ", ").join(signers) or story.say("无", "nobody")
    return story.say(
        f"检查点含 {found.size} 条记录；会签：{shown}", f"Checkpoint over {found.size} entries; cosigned by {shown}"
    )
