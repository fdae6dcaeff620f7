"""Sections of talk. Who gets which is decided in `evaluation.visibility` alone."""

from typing import Any

from evaluation.events_talk import MessageSaid, WarningGiven
from evaluation.protocol import Viewer
from evaluation.room import Room
from evaluation.sections import Section

SHOWN = 200
"""Most messages a view holds, the newest; the records hold all."""


def chat_scoring(room: Room, viewer: Viewer) -> Section:
    """Messages said while scores were secret, raised hands, and warnings to the viewer or to all.

    What was said once all sheets were in may hold scores; when a backtrack or a replacement opens the sheets again, it
    is out of sight until all have submitted again.

    Source: 财政部令第87号 第62条; domain ER-12
    """
    return _chat(room, viewer, [item for item in room.state.talk.messages if not item.after_submission])


def chat(room: Room, viewer: Viewer) -> Section:
    """All messages, raised hands, and warnings to the viewer or to all. Source: domain ER-12."""
    return _chat(room, viewer, list(room.state.talk.messages))


def _chat(room: Room, viewer: Viewer, messages: list[MessageSaid]) -> Section:
    talk = room.state.talk
    mine = [item for item in talk.warnings if viewer.role != "member" or item.seat_id in (None, viewer.seat_id)]
    if not (messages or talk.hands or mine):
        return None
    return {
        "messages": [_message(item) for item in messages[-SHOWN:]],
        "hands": list(talk.hands),
        "warnings": [_warning(item) for item in mine[-SHOWN:]],
    }


def _message(item: MessageSaid) -> dict[str, Any]:
    return {"seat_id": item.seat_id, "text": item.text, "at": item.at.isoformat()}


def _warning(item: WarningGiven) -> dict[str, Any]:
    return {"text": item.text, "seat_id": item.seat_id, "at": item.at.isoformat()}
