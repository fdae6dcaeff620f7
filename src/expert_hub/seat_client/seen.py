"""What the seat has seen of the room: sections and the version they belong to."""

from typing import Any

from evaluation.protocol import ChangesFrame, ViewFrame


class Seen:
    """The view as merged from snapshots and changes."""

    def __init__(self) -> None:
        self.version: int | None = None
        self.sections: dict[str, Any] = {}

    def replace(self, frame: ViewFrame) -> None:
        """Take a snapshot, also an older one: what the room says now is what holds."""
        self.version, self.sections = frame.version, dict(frame.view)

    def merge(self, frame: ChangesFrame) -> bool:
        """Take changes.

        Args:
            frame: sections that changed between `since` and `version`.

        Returns:
            False when versions between the seen one and `since` are missing; nothing is taken then. Changes that are
            older than the view are taken note of by ignoring them.
        """
        if self.version is None or frame.since > self.version:
            return False
        if frame.version >= self.version:
            kept = {name: section for name, section in self.sections.items() if name not in frame.unset}
            self.version, self.sections = frame.version, kept | frame.set
        return True
