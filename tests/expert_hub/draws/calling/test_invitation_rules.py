import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from expert_hub.draws.calling.invitation_rules import (
    InvitationState,
    Parcel,
    can_repeat,
    code_digest,
    deadline,
    invitation_text,
    is_callable,
    is_lost,
    note_failure,
    note_sent,
    outcome_without_answer,
    repeat,
    shown_state,
    telling_words,
)
from expert_hub.listings.rules import TenderForm
from expert_hub.sample.tender import tender_document

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
STARTS_AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
PARCEL = Parcel("14100000000", "abcd2345abcd2345", STARTS_AT, "广州市天河区某路 1 号三楼", "020-00000000", "ivr")
LIMIT = timedelta(minutes=10)


@dataclass
class Row:
    """The columns that the rules read and write."""

    state: str = "queued"
    rounds: int = 1
    failures: int = 0
    attempts_max: int = 2
    answer_limit_s: int = 600
    give_up_at: datetime = STARTS_AT
    due_at: datetime | None = NOW
    sent_at: datetime | None = None
    delivered_at: datetime | None = None


@pytest.fixture
def form() -> TenderForm:
    return msgspec.convert(tender_document(STARTS_AT), TenderForm, strict=False)


def test_a_code_may_be_typed_in_capitals_and_with_spaces() -> None:
    assert code_digest(" ABC ") == code_digest("abc") != code_digest("abd")


def test_dr_13_the_message_says_when_where_whom_to_call_and_how_to_reply() -> None:
    text = invitation_text(PARCEL, None)
    for part in ("2026-03-02 09:30", PARCEL.place, PARCEL.phone, f"答复码：{PARCEL.code}"):
        assert part in text
    linked = invitation_text(PARCEL, "https://hub.example.org")
    assert f"https://hub.example.org/i/{PARCEL.code}" in linked
    # Concatenated short messages hold 67 signs each.
    assert max(len(text), len(linked)) <= 2 * 67
    assert re.search("[一-鿿]", text)
    assert all(word in text for word in ("Time", "Place", "Tel", "Reply"))


def test_dr_13_a_place_that_tells_the_project_is_found(form: TenderForm) -> None:
    bidder = form.bidders[0]
    entity = form.project.procuring_entity
    assert telling_words(form, "广州市天河区某路 1 号三楼", "020-00000000") == []
    assert telling_words(form, f"{entity.name}会议室", "") == [entity.name]
    assert telling_words(form, "A", f"请报 {form.project.code.lower()}") == [form.project.code]
    assert telling_words(form, f"{bidder.name}对面", bidder.uscc) == sorted([bidder.name, bidder.uscc])


def test_short_names_do_not_bar_every_place() -> None:
    document: Any = tender_document(STARTS_AT)
    document["lot"]["name"] = "包1"
    form = msgspec.convert(document, TenderForm, strict=False)
    assert telling_words(form, "三楼包1厅", "") == []


@pytest.mark.parametrize(("mobile", "is_one"), [("14100000000", True), ("+8614100000000", True), ("", False)])
def test_only_digits_are_a_number(mobile: str, is_one: bool) -> None:
    assert is_callable(mobile) is is_one
    assert not is_callable(f"{mobile}\r\nBcc: x@example.org")


def test_the_limit_counts_from_the_hand_over_and_a_dead_gateway_passes_nobody_over() -> None:
    row = Row()
    assert deadline(row) == STARTS_AT
    assert outcome_without_answer(row) is InvitationState.UNREACHABLE
    for count in range(8):
        note_failure(row, NOW + timedelta(minutes=count), 0)
    assert (row.state, row.rounds, row.failures) == ("queued", 1, 8)
    note_sent(row, NOW, reports=False)
    assert (deadline(row), row.due_at, row.failures) == (NOW + LIMIT, NOW + LIMIT, 0)
    assert outcome_without_answer(row) is InvitationState.NO_ANSWER


def test_a_gateway_that_reports_and_then_is_silent_is_asked_again_in_time() -> None:
    row = Row()
    note_sent(row, NOW, reports=True)
    assert row.due_at == NOW + LIMIT / 2
    repeat(row, row.due_at)
    assert (row.state, row.rounds) == ("queued", 2)
    assert not can_repeat(row)
    note_sent(row, NOW + LIMIT / 2, reports=True)
    assert row.due_at == NOW + LIMIT * 1.5
    delivered = Row(delivered_at=NOW)
    note_sent(delivered, NOW, reports=True)
    assert delivered.due_at == NOW + LIMIT


def test_the_wait_doubles_to_five_minutes_heeds_the_gateway_and_ends_at_the_deadline() -> None:
    row, waits = Row(give_up_at=NOW + timedelta(days=1)), []
    for _ in range(9):
        note_failure(row, NOW, 0)
        assert row.due_at
        waits.append((row.due_at - NOW).total_seconds())
    assert waits == [5, 10, 20, 40, 80, 160, 300, 300, 300]
    for asked, waited in ((100, 100), (100_000, 300)):
        row = Row(give_up_at=NOW + timedelta(days=1))
        note_failure(row, NOW, asked)
        assert row.due_at == NOW + timedelta(seconds=waited)
    row = Row(give_up_at=NOW + timedelta(seconds=2))
    note_failure(row, NOW, 0)
    assert row.due_at == row.give_up_at


def test_a_number_is_lost_only_when_every_channel_refused_it() -> None:
    assert is_lost(["webhook", "smtp"], {"smtp", "webhook", "file"})
    assert not is_lost(["webhook", "smtp"], {"smtp"})


@pytest.mark.parametrize(
    ("state", "outcome", "shown"),
    [
        ("queued", "invited", "open"),
        ("sent", "invited", "open"),
        ("accepted", "accepted", "accepted"),
        ("accepted", "replaced", "over"),
        ("withdrawn", "withdrawn", "withdrawn"),
        ("no_answer", "no_answer", "over"),
        ("unreachable", "unreachable", "over"),
    ],
)
def test_what_the_expert_is_told(state: str, outcome: str, shown: str) -> None:
    assert shown_state(state, outcome) == shown
