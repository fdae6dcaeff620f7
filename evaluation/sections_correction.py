"""Sections about corrections, signatures and re-evaluations; `evaluation.visibility` decides who gets them."""

from typing import Any

from msgspec import json, to_builtins

from evaluation.protocol import Viewer
from evaluation.room import Room
from evaluation.signed_report import report_digest

Section = dict[str, Any] | list[Any] | None


def corrections(room: Room, _: Viewer) -> Section:
    """Corrections after the totals and scores called abnormal, with their outcome. Source: 财政部令第87号 第64条."""
    found = room.state.corrections
    if not found.corrections and not found.calls:
        return None
    return {
        "corrections": [to_builtins(item) for item in found.corrections.values()],
        "abnormal": [to_builtins(call) for call in found.calls.values()],
    }


def to_sign(room: Room, _: Viewer) -> Section:
    """Digest of the report as it is to be signed, once candidates are proposed. Source: 电子签名法 第13条."""
    return {"digest": report_digest(room.state)} if room.state.proposal else None


def reevaluations(room: Room, _: Viewer) -> Section:
    """Re-evaluations after signing, and whether the result changed. Source: 财政部令第87号 第64条."""
    rows: list[Any] = json.decode(json.encode(room.state.corrections.reevaluations))
    return rows or None
