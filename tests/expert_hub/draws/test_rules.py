from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from expert_hub.draws.rounds import RoundState
from expert_hub.draws.rules import (
    NEXT_STEP,
    NEXT_STEP_OF_ROUND,
    DrawState,
    HeldSeat,
    Officers,
    committee_reasons,
    newest_holders,
    request_of,
    shown_shortage,
    state_of_seats,
)
from expert_hub.foundation.rule_packs import RulePack, shipped_pack
from expert_hub.listings.rules import TenderForm
from expert_hub.sample.tender import tender_document
from scheduling.errors import PoolTooSmallError

STARTS_AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
ON = date(2026, 3, 2)


@pytest.fixture(scope="module")
def pack() -> RulePack:
    return shipped_pack("government_procurement", ON)


def _form(**committee: Any) -> TenderForm:
    document: Any = tender_document(STARTS_AT)
    document["committee"] = {**document["committee"], **committee}
    return msgspec.convert(document, TenderForm, strict=False)


def test_o87_47_seven_members_from_ten_million_yuan(pack: RulePack) -> None:
    assert committee_reasons(_form(), pack) == ()
    quotas = [{"id": "q", "speciality": "B0132", "count": 4}]
    reasons = committee_reasons(_form(size=5, quotas=quotas), pack)
    assert [reason.code for reason in reasons] == ["committee/too-small"]


def test_gpl_38_two_thirds_are_experts(pack: RulePack) -> None:
    quotas = [{"id": "q", "speciality": "B0132", "count": 4}]
    reasons = committee_reasons(_form(representatives=3, quotas=quotas), pack)
    assert {reason.code for reason in reasons} == {"committee/expert-share", "committee/too-many-representatives"}


def test_the_request_takes_every_number_from_the_pack(pack: RulePack) -> None:
    centre = shipped_pack("centre_settings", ON)
    request = request_of("d", _form(), pack, centre, Officers("a", "b"))
    assert request.window_years == pack.value("conflict.window_years") == 3
    assert request.same_employer_max == 1
    assert request.pack_hash == pack.sha256
    assert {"C01", "C11", "C15", "C17"} <= set(request.grounds)
    roles = [party.role for party in request.parties]
    # Five bidders and the second member of one consortium.
    assert roles.count("bidder") == 6
    assert {"procuring_entity", "agency", "supervising_department"} <= set(roles)


def test_the_newest_holder_of_each_seat_counts() -> None:
    places = [(0, 1, "declined"), (0, 0, "accepted"), (0, None, "drawn"), (1, 1, "withdrawn"), (2, 1, "invited")]
    assert newest_holders(places) == [HeldSeat(0, "accepted"), HeldSeat(1, "invited")]
    assert newest_holders(reversed(places)) == [HeldSeat(0, "accepted"), HeldSeat(1, "invited")]


@pytest.mark.parametrize(
    ("outcomes", "is_drawing", "state"),
    [
        (("accepted", "accepted"), False, DrawState.READY),
        (("accepted", "invited"), False, DrawState.INVITING),
        (("invited", "declined"), False, DrawState.VACANT),
        (("accepted", "absent"), False, DrawState.VACANT),
        (("accepted", "absent"), True, DrawState.DRAWING),
        ((), True, DrawState.DRAWING),
        ((), False, DrawState.INVITING),
    ],
)
def test_the_state_of_a_draw_follows_from_its_seats(
    outcomes: tuple[str, ...], is_drawing: bool, state: DrawState
) -> None:
    seats = [HeldSeat(seat, outcome) for seat, outcome in enumerate(outcomes)]
    assert state_of_seats(seats, is_drawing=is_drawing) is state


def test_every_state_says_what_comes_next() -> None:
    assert set(NEXT_STEP) == set(DrawState) - {DrawState.DRAWING}
    assert set(NEXT_STEP_OF_ROUND) == set(RoundState) - {RoundState.DRAWN}


def test_cf_08_a_shortage_shows_no_count_of_a_few_experts() -> None:
    few = {"quota_id": "q1", "required": 6, "eligible": 3, "short": 3}
    many = {"quota_id": "q2", "required": 9, "eligible": 7, "short": 2}
    shown = shown_shortage(PoolTooSmallError(short=5, quotas=[few, many]), 5)
    assert shown.facts["quotas"] == [{**few, "eligible": "<5", "short": "≥1"}, many]
    assert "3" not in shown.text("en")
    alone = PoolTooSmallError(short=2, quotas=[many])
    assert shown_shortage(alone, 5).facts == alone.facts
