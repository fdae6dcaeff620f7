"""Views as bytes: what is skipped as out of sight is the same as what would have been computed."""

import json

import msgspec

from benchmarks.evaluation_story import make_setup, play
from evaluation.room import Room
from evaluation.visibility import Viewer, view
from expert_hub.rooms.views import Views

SETUP = make_setup(5, 3, 4)
VIEWERS = [
    *(Viewer("member", seat.seat_id, seat.venue_id) for seat in SETUP.seats),
    *(Viewer("host_operator", None, venue.venue_id) for venue in SETUP.venues if venue.side == "host"),
    *(Viewer("guest_operator", None, venue.venue_id) for venue in SETUP.venues if venue.side == "guest"),
    *(Viewer(role) for role in ("procuring_entity", "supervisor", "auditor", "nobody")),
]


def test_over_a_whole_evaluation_every_viewer_is_shown_what_the_table_says() -> None:
    _, records = play(SETUP)
    room, views, skipped = Room(), Views(), 0
    seen: dict[Viewer, dict[str, object]] = {}
    versions: dict[Viewer, int] = {}
    for number, record in enumerate(records):
        room.apply(record)
        if number % 3 == 1:
            # Pushes add up: some versions are never shown.
            continue
        fresh = records[versions.get(VIEWERS[0], 0) : number + 1]
        for viewer in VIEWERS:
            before = views.at(viewer, versions.get(viewer, 0))
            shown = views.show(room, viewer, [each.event for each in fresh])
            expected = msgspec.json.decode(msgspec.json.encode(view(room, viewer)))
            if before is None:
                seen[viewer] = json.loads(shown.whole())["view"]
            else:
                skipped += shown.sections is before.sections
                changes = json.loads(shown.changes_since(before))
                assert (changes["from"], changes["version"]) == (before.version, room.version)
                seen[viewer] = {k: v for k, v in seen[viewer].items() if k not in changes["unset"]} | changes["set"]
            assert seen[viewer] == expected == json.loads(shown.whole())["view"]
            versions[viewer] = room.version
    assert skipped > len(records)


def test_a_section_that_stays_is_kept_once_for_all_who_see_it() -> None:
    room, _ = play(SETUP)
    views = Views()
    one, other = (views.show(room, viewer).sections for viewer in (Viewer("supervisor"), Viewer("auditor")))
    assert one["bids"] is other["bids"]
    assert views.show(room, Viewer("supervisor")).sections is one


def test_old_versions_are_forgotten() -> None:
    _, records = play(SETUP)
    room, views = Room.replay(records[:40]), Views()
    first = views.show(room, Viewer("supervisor")).version
    for record in records[40:120]:
        room.apply(record)
        views.show(room, Viewer("supervisor"))
    assert views.at(Viewer("supervisor"), first) is None
    assert views.at(Viewer("supervisor"), room.version) is not None
