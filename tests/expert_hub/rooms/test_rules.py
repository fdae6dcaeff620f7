from datetime import UTC, date, datetime

import msgspec
import pytest

from evaluation.room import open_room
from expert_hub.foundation.rule_packs import shipped_pack
from expert_hub.identity.rules import Actor, Role
from expert_hub.listings.rules import TenderForm
from expert_hub.rooms.rules import RoomPlan, SeatPlan, alias, part_of, room_rules, seat_id, setup_of
from expert_hub.sample.tender import tender_document

STARTS_AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
FORM = msgspec.convert(tender_document(STARTS_AT), TenderForm, strict=False)
PACK = shipped_pack("government_procurement", date(2026, 3, 2))
VENUES = ["host", "guest1", "guest2"]
ENTITY = "12440199000000019K"


def _plan() -> RoomPlan:
    seats = [SeatPlan(f"t{n}", f"a{n}", n < 6, VENUES[n % 3], f"W{n}") for n in range(7)]
    return RoomPlan("room", [(venue, venue.title()) for venue in VENUES], seats)


def test_the_setup_is_one_that_the_kernel_opens() -> None:
    setup = setup_of(FORM, PACK, _plan())
    assert len(open_room(setup)) == 2
    assert [venue.side for venue in setup.venues] == ["host", "guest", "guest"]
    assert [seat.kind for seat in setup.seats] == ["expert"] * 6 + ["representative"]
    assert [bid.deduction for bid in setup.bids] == ["0", "0.10", "0", "0.10", "0"]


def test_the_rules_of_the_room_are_those_of_the_pack() -> None:
    rules = room_rules(FORM, PACK)
    assert rules.price_weight == "0.30"
    assert rules.agg_trim_over is None
    assert (rules.prelim_min_valid, rules.prelim_below_min) == (3, "stop")
    assert rules.leader_rep_allowed is False
    assert (rules.outage_prestart, rules.outage_resume, rules.time_extend_share) == (120, 240, "1/3")
    assert (rules.publish_members, rules.publish_members_until) == ("names", "result_notice")


def test_er_23_members_are_known_by_letters() -> None:
    assert [alias(0), alias(25), alias(26)] == ["评委A", "评委Z", "评委27"]
    assert seat_id(0) == "s1"


@pytest.mark.parametrize(
    ("role", "venue", "organisation", "part"),
    [
        (Role.HOST_OPERATOR, "host", None, "host_operator"),
        (Role.HOST_OPERATOR, "guest1", None, None),
        (Role.GUEST_OPERATOR, "guest2", None, "guest_operator"),
        (Role.GUEST_OPERATOR, "host", None, None),
        (Role.GUEST_OPERATOR, "elsewhere", None, None),
        (Role.PROCURING_ENTITY, None, ENTITY, "procuring_entity"),
        (Role.PROCURING_ENTITY, None, "other", None),
        (Role.SUPERVISOR, None, None, "supervisor"),
        (Role.AUDITOR, None, None, "auditor"),
        (Role.CENTRE_OPERATOR, None, None, None),
        (Role.EXPERT, None, None, None),
        (Role.ADMINISTRATOR, None, None, None),
    ],
)
def test_who_has_which_part_without_a_seat(
    role: Role, venue: str | None, organisation: str | None, part: str | None
) -> None:
    actor = Actor("id", "name", frozenset({role}), None, venue, organisation)
    assert part_of(actor, VENUES, ENTITY) == part
