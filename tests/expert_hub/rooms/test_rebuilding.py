"""Folding stored records without believing them."""

from datetime import UTC, date, datetime
from random import Random

import msgspec
import pytest

from evaluation import commands as cmd
from evaluation.events import Event
from evaluation.protocol import Actor, RecordedEvent, encode_record
from evaluation.report import compile_report
from evaluation.room import Room, open_room
from expert_hub.foundation.rule_packs import shipped_pack
from expert_hub.listings.rules import TenderForm
from expert_hub.rooms.rebuilding import (
    WORDS,
    Difference,
    digest_of_document,
    rebuild,
    report_digest,
    view_digests,
    viewers_of,
)
from expert_hub.rooms.replay import told
from expert_hub.rooms.rules import RoomPlan, SeatPlan, setup_of
from expert_hub.sample.tender import tender_document

STARTS_AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
FORM = msgspec.convert(tender_document(STARTS_AT), TenderForm, strict=False)
PACK = shipped_pack("government_procurement", date(2026, 3, 2))
Rows = list[tuple[int, str]]


def _rows() -> Rows:
    """A room up to the third member whose identity is confirmed."""
    seats = [SeatPlan(f"t{n}", f"a{n}", n < 6, "V1", f"W{n}") for n in range(7)]
    setup = setup_of(FORM, PACK, RoomPlan("room", [("V1", "Host"), ("V2", "Guest")], seats))
    room, rows, host = Room(), list[tuple[int, str]](), Actor("host_operator", venue_id="V1")

    def keep(events: list[Event], command_id: str) -> None:
        for record in room.number(events, command_id, host, STARTS_AT):
            room.apply(record)
            rows.append((record.seq, encode_record(record).decode()))

    keep(open_room(setup), "open")
    keep(room.handle(cmd.OpenCheckIn(), host, STARTS_AT), "c1")
    for n in (1, 2, 3):
        keep(room.handle(cmd.ConfirmIdentity(f"s{n}"), host, STARTS_AT), f"c-{n}")
    return rows


ROWS = _rows()


def _changed(row: tuple[int, str], **changes: object) -> tuple[int, str]:
    record = msgspec.json.decode(row[1], type=RecordedEvent)
    return row[0], encode_record(msgspec.structs.replace(record, **changes)).decode()


def test_sound_records_give_the_room_and_a_mark_for_every_command() -> None:
    rebuilt = rebuild("room", ROWS)
    assert rebuilt.broken is None
    assert [(mark.command_id, mark.first, mark.version, mark.entered) for mark in rebuilt.marks] == [
        ("open", 1, 2, True),
        ("c1", 3, 3, True),
        ("c-1", 4, 4, False),
        ("c-2", 5, 5, False),
        ("c-3", 6, 6, False),
    ]
    assert (rebuilt.marks[-1].stage, rebuilt.marks[-1].digest) == ("check_in", rebuilt.room.digest)


DAMAGED: dict[str, tuple[Rows, str, int]] = {
    "missing in the middle": ([*ROWS[:2], *ROWS[3:]], "missing", 3),
    "missing at the beginning": (ROWS[1:], "missing", 1),
    "swapped": ([*ROWS[:3], (4, ROWS[4][1]), (5, ROWS[3][1]), ROWS[5]], "moved", 4),
    "doubled": ([*ROWS, (7, ROWS[5][1])], "moved", 7),
    "other bytes for the same content": ([ROWS[0], (2, ROWS[1][1].replace(":", ": ", 1))], "form", 2),
    "no JSON": ([ROWS[0], (2, ROWS[1][1][:-1])], "unreadable", 2),
    "no such event": ([ROWS[0], (2, ROWS[1][1].replace("stage_changed", "stage_danced"))], "unreadable", 2),
    "a seat that is not there": ([*ROWS[:5], (6, ROWS[5][1].replace('"s3"', '"s9"'))], "impossible", 6),
    "opened twice": ([*ROWS, _changed((7, ROWS[0][1]), seq=7)], "impossible", 7),
    "of another room": ([(1, ROWS[0][1].replace('"room_id":"room"', '"room_id":"r00m"'))], "first", 1),
}


@pytest.mark.parametrize("case", DAMAGED)
def test_the_first_record_that_does_not_fit_is_named(case: str) -> None:
    rows, why, seq = DAMAGED[case]
    broken = rebuild("room", rows).broken
    assert broken is not None
    assert (broken.where, broken.why, broken.seq) == ("record", why, seq)


def test_any_changed_byte_is_seen_here_or_in_the_digest() -> None:
    whole, random = rebuild("room", ROWS).room.digest, Random("changed bytes")
    for _ in range(400):
        place = random.randrange(len(ROWS))
        octets = bytearray(ROWS[place][1].encode())
        octets[random.randrange(len(octets))] ^= random.randrange(1, 128)
        text = octets.decode(errors="replace")
        rebuilt = rebuild("room", [*ROWS[:place], (place + 1, text), *ROWS[place + 1 :]])
        if rebuilt.broken is None:
            assert rebuilt.room.digest != whole, text
        else:
            # A record that was altered can be well-formed and break a later one, never an earlier one.
            assert (rebuilt.broken.seq or 0) > place, text


def test_everyone_who_may_look_is_a_viewer_with_a_digest_of_the_own_view() -> None:
    room = rebuild("room", ROWS).room
    viewers = viewers_of(room.state.setup)
    assert len(viewers) == 7 + 2 + 3
    digests = view_digests(room)
    assert digests.keys() == viewers.keys()
    assert digests["member s1"] != digests["member s2"]
    assert view_digests(rebuild("room", ROWS).room) == digests
    assert view_digests(rebuild("room", ROWS[:5]).room)["host_operator V1"] != digests["host_operator V1"]


def test_a_report_read_from_a_file_has_the_digest_of_the_compiled_one() -> None:
    room = rebuild("room", ROWS).room
    kept = msgspec.json.encode(compile_report(room))
    assert digest_of_document(kept) == report_digest(room)
    assert digest_of_document(kept.replace(b"10800000", b"10800001", 1)) != report_digest(room)


@pytest.mark.parametrize("why", WORDS)
def test_a_difference_is_said_in_both_languages(why: str) -> None:
    difference = Difference("ledger", why, 3, 4, "stored", "rebuilt")
    zh, en = (told(difference, language) for language in ("zh", "en"))
    assert zh.startswith("账本：")
    assert en.startswith("ledger: ")
    assert "{" not in zh + en
