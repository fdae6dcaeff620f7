"""What viewers see, as bytes: computed once for each version and viewer, shared by every connection that sees the same.

A `Shown` never changes. Sections that stayed as they were are the same bytes as before, so that a connection which
remembers what it sent last costs a reference, and the difference between two versions is made once for all who are at
the older one.
"""

from collections import OrderedDict
from collections.abc import Container
from typing import Any

import msgspec

from evaluation.events import CheckVoted, Event, ScoreEntered
from evaluation.protocol import ChangesFrame, ViewFrame, encode_frame
from evaluation.room import Room
from evaluation.stages import Stage
from evaluation.visibility import Viewer, view

_KEPT_VERSIONS = 64
_encoder = msgspec.json.Encoder(order="deterministic")
_OWN_BUSINESS = (ScoreEntered, CheckVoted)
_OF_A_SCORE = frozenset(("my_sheet", "training"))
"""Sections that a score entered while sheets are open can change."""


class Shown:
    """What one kind of viewer sees at one version."""

    __slots__ = ("_changes", "_whole", "sections", "version")

    def __init__(self, version: int, sections: dict[str, bytes]) -> None:
        self.version = version
        self.sections = sections
        self._whole: bytes | None = None
        self._changes: dict[int, bytes] = {}

    def whole(self) -> bytes:
        """The frame with everything."""
        if self._whole is None:
            self._whole = encode_frame(ViewFrame(self.version, _raw(self.sections)))
        return self._whole

    def changes_since(self, earlier: "Shown") -> bytes:
        """The frame that leads from an earlier version of the same viewer to this one."""
        frame = self._changes.get(earlier.version)
        if frame is None:
            before = earlier.sections
            changed = {name: body for name, body in self.sections.items() if before.get(name) != body}
            gone = sorted(before.keys() - self.sections.keys())
            frame = encode_frame(ChangesFrame(self.version, earlier.version, _raw(changed), gone))
            self._changes[earlier.version] = frame
        return frame


class Views:
    """The views of one room, with the last versions of each, for those who come back."""

    def __init__(self) -> None:
        self._shown: dict[Viewer, OrderedDict[int, Shown]] = {}
        self._whole: dict[bytes, bytes] = {}

    def at(self, viewer: Viewer, version: int) -> Shown | None:
        """What a viewer was shown at a version, if that is still known."""
        kept = self._shown.get(viewer)
        return kept.get(version) if kept is not None else None

    def show(self, room: Room, viewer: Viewer, fresh: list[Event] | None = None) -> Shown:
        """What a viewer sees of the room now.

        Args:
            room: the room, with committed records only.
            viewer: who looks.
            fresh: the events since this viewer was last shown the room, if they are at hand.
        """
        kept = self._shown.setdefault(viewer, OrderedDict())
        last = next(reversed(kept.values()), None)
        if last is not None and last.version == room.version:
            return last
        if last is not None and fresh is not None and is_out_of_sight(room, viewer, fresh):
            shown = Shown(room.version, last.sections)
        elif last is not None and fresh is not None and viewer.role == "member" and is_scoring(room, fresh):
            shown = Shown(room.version, last.sections | self._sections(room, viewer, _OF_A_SCORE))
        else:
            shown = Shown(room.version, self._sections(room, viewer))
        kept[room.version] = shown
        while len(kept) > _KEPT_VERSIONS:
            kept.popitem(last=False)
        return shown

    def newest_of(self, viewer: Viewer) -> int:
        """The version at which a viewer was last shown the room, 0 if never."""
        kept = self._shown.get(viewer)
        return next(reversed(kept), 0) if kept is not None else 0

    def _sections(self, room: Room, viewer: Viewer, only: Container[str] | None = None) -> dict[str, bytes]:
        if len(self._whole) > 1000:
            self._whole.clear()
        bodies = ((name, _encoder.encode(section)) for name, section in view(room, viewer, only).items())
        return {name: self._whole.setdefault(body, body) for name, body in bodies}


def is_out_of_sight(room: Room, viewer: Viewer, events: list[Event]) -> bool:
    """True if none of these events can have changed what a viewer sees, so that nothing need be computed.

    Scores and check votes of one member are no other member's business, and until all have submitted a score is
    nobody else's. What this says must agree with `evaluation.visibility`; a test compares over a whole evaluation.
    """
    if is_scoring(room, events) and viewer.role != "auditor":
        return viewer.role != "member" or all(event.seat_id != viewer.seat_id for event in events)  # type: ignore[union-attr]
    if viewer.role in ("host_operator", "guest_operator", "procuring_entity"):
        return all(isinstance(event, _OWN_BUSINESS) for event in events)
    if viewer.role != "member" or viewer.seat_id == room.state.leader:
        return False
    return all(isinstance(event, _OWN_BUSINESS) and event.seat_id != viewer.seat_id for event in events)


def is_scoring(room: Room, events: list[Event]) -> bool:
    """True if these events are scores alone, entered while sheets are open: they change the sheet they stand on."""
    return room.stage is Stage.DETAILED and all(type(event) is ScoreEntered for event in events)


def _raw(sections: dict[str, bytes]) -> dict[str, Any]:
    return {name: msgspec.Raw(body) for name, body in sections.items()}
