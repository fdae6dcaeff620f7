"""Evaluation rooms (评标室): durability, identity of seats and fan-out around `evaluation.room`.

A command is acknowledged only after its events are committed; a push says only that the room has a new version, and
every connection computes its own view through `evaluation.visibility`.
Verbs: `open_room`, `RoomHub.command`, `RoomHub.view_since`, `report_of`.
"""
