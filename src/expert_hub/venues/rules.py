"""The venue file and the time that a booking blocks."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from msgspec import Meta

from expert_hub.foundation.texts import NOT_BLANK, Identifier, Line, ShortLine

VenueId = Annotated[str, Meta(max_length=31, pattern=r"^[A-Za-z0-9_.-]+(?![\s\S])")]
VenueName = Annotated[str, Meta(min_length=1, max_length=128, pattern=NOT_BLANK)]
Label = Annotated[str, Meta(min_length=1, max_length=32, pattern=NOT_BLANK)]


class RoomForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A room and the labels of its workstations."""

    name: Identifier
    workstations: list[Label]


class VenueForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A venue: id of our own, city as GB/T 2260 code."""

    id: VenueId
    name: VenueName
    city_code: Annotated[str, Meta(pattern=r"^[0-9]{6}(?![\s\S])")]
    rooms: list[RoomForm]
    address: Line = ""
    phone: ShortLine = ""


class VenueFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `expert-hub venues import` reads: `[[venues]]` with `[[venues.rooms]]`."""

    venues: list[VenueForm]


def repeated_labels(form: VenueForm) -> list[str]:
    """Labels that stand on more than one door of a venue."""
    labels = Counter(label for room in form.rooms for label in room.workstations)
    return sorted(label for label, times in labels.items() if times > 1)


def workstation_id(venue_id: str, label: str) -> str:
    """The id of a workstation; a venue's id holds no slash, so no two venues share one."""
    return f"{venue_id}/{label}"


def blocked_time(start: datetime, end: datetime, gap_minutes: int) -> tuple[datetime, datetime]:
    """The time that a booking keeps others out: its own and the turnover gap on both sides (VN-06)."""
    gap = timedelta(minutes=gap_minutes)
    return start - gap, end + gap
