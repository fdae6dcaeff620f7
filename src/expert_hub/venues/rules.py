"""The venue file and the time that a booking blocks."""

from datetime import datetime, timedelta

import msgspec


class RoomForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A room and the labels of its workstations."""

    name: str
    workstations: list[str]


class VenueForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A venue: id of our own, city as GB/T 2260 code."""

    id: str
    name: str
    city_code: str
    rooms: list[RoomForm]
    address: str = ""
    phone: str = ""


class VenueFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `expert-hub venues import` reads: `[[venues]]` with `[[venues.rooms]]`."""

    venues: list[VenueForm]


def blocked_time(start: datetime, end: datetime, gap_minutes: int) -> tuple[datetime, datetime]:
    """The time that a booking keeps others out: its own and the turnover gap on both sides (VN-06)."""
    gap = timedelta(minutes=gap_minutes)
    return start - gap, end + gap
