"""Decisions of the room: one function per command, from the present state to the events it causes."""
