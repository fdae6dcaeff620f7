"""What a gateway reports changes an invitation once, whatever order and however often it comes."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from expert_hub.draws.calling.reports import GatewayReport, take_report
from expert_hub.draws.errors import InvitationUnknown
from expert_hub.draws.tables import InvitationReport


async def _sent(bench: Any, make_recorder: Any, *others: Any) -> tuple[str, Any, Any]:
    """One invitation that a reporting gateway has: its id, the worker, the gateway."""
    gateway = make_recorder("webhook", reports=True)
    await bench.draw(1)
    worker = bench.worker(gateway, *others)
    await worker.work_off()
    (row,) = await bench.invitations()
    return row.id, worker, gateway


async def _report(bench: Any, message_id: str, event: str, attempt: int = 1, key: str = "", event_id: str = "") -> bool:
    report = GatewayReport(message_id, attempt, event_id or f"{event}{key}-{attempt}", event, key)  # type: ignore[arg-type]
    async with bench.hub.database.write() as session:
        return await take_report(session, bench.means, report, msgspec.json.encode(report))


async def test_dr_13_a_number_that_does_not_answer_is_called_again_and_then_passed_over(
    bench: Any, make_recorder: Any
) -> None:
    message_id, worker, gateway = await _sent(bench, make_recorder)
    assert await _report(bench, message_id, "no_answer")
    assert await worker.work_off() == 0
    bench.hub.clock.move(minutes=1)
    await worker.work_off()
    assert [message.attempt for message in gateway.sent] == [1, 2]
    bench.hub.clock.move(minutes=1)
    assert await _report(bench, message_id, "no_answer", attempt=2)
    # A stranger cannot check what a gateway says, only that the limit has passed: until then the code is good.
    bench.hub.clock.move(minutes=8, seconds=59)
    await worker.work_off()
    assert await bench.outcomes() == ["invited"]
    bench.hub.clock.move(seconds=1)
    await worker.work_off()
    assert await bench.outcomes() == ["no_answer"]
    assert [message.attempt for message in gateway.sent] == [1, 2]


async def test_a_report_counts_once_and_a_late_one_not_at_all(bench: Any, make_recorder: Any) -> None:
    message_id, *_ = await _sent(bench, make_recorder)
    for _ in range(3):
        assert await _report(bench, message_id, "no_answer", event_id="e1")
    (row,) = await bench.invitations()
    assert row.rounds == 2
    # Another event about the attempt that is over.
    assert not await _report(bench, message_id, "no_answer", event_id="e2")
    assert await bench.outcomes() == ["invited"]
    assert [(each.event_id, each.is_applied) for each in await bench.rows(InvitationReport)] == [
        ("e1", True),
        ("e2", False),
    ]


async def test_a_silent_gateway_is_asked_again_but_not_after_it_delivered(bench: Any, make_recorder: Any) -> None:
    message_id, worker, gateway = await _sent(bench, make_recorder)
    bench.hub.clock.move(minutes=5)
    await worker.work_off()
    assert [message.attempt for message in gateway.sent] == [1, 2]
    assert await _report(bench, message_id, "delivered", attempt=2)
    bench.hub.clock.move(minutes=9)
    assert await worker.work_off() == 0
    bench.hub.clock.move(minutes=1)
    await worker.work_off()
    assert await bench.outcomes() == ["no_answer"]
    assert len({message.message_id for message in gateway.sent}) == 1


async def test_the_message_is_kept_for_another_attempt_and_destroyed_with_the_answer(
    bench: Any, make_recorder: Any
) -> None:
    message_id, *_ = await _sent(bench, make_recorder)
    assert (await bench.invitations())[0].parcel_sealed is not None
    assert await _report(bench, message_id, "key", key="1")
    (row,) = await bench.invitations()
    assert (row.state, row.parcel_sealed) == ("accepted", None)


async def test_a_number_that_failed_is_tried_on_the_next_channel(bench: Any, make_recorder: Any) -> None:
    mail = make_recorder("smtp")
    message_id, worker, gateway = await _sent(bench, make_recorder, mail)
    assert await _report(bench, message_id, "failed")
    await worker.work_off()
    assert (len(gateway.sent), len(mail.sent)) == (1, 1)
    assert (await bench.invitations())[0].state == "sent"
    assert await bench.outcomes() == ["invited"]


async def test_a_number_that_failed_on_the_only_channel_is_unreachable(bench: Any, make_recorder: Any) -> None:
    message_id, worker, _ = await _sent(bench, make_recorder)
    assert await _report(bench, message_id, "failed")
    await worker.work_off()
    assert await bench.outcomes() == ["unreachable"]


async def test_a_report_that_overtakes_the_receipt_is_not_lost(bench: Any, make_recorder: Any) -> None:
    gateway = make_recorder("webhook", reports=True)
    await bench.draw(1)
    worker = bench.worker(gateway)
    (errand,) = await worker._take_up(1)
    assert await _report(bench, errand.invitation_id, "no_answer")
    await worker._do(errand)
    (row,) = await bench.invitations()
    assert (row.state, row.rounds) == ("queued", 2)
    assert row.due_at == bench.hub.clock.now() + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("key", "outcome", "applied"), [("1", "accepted", True), ("2", "declined", True), ("9", "invited", False)]
)
async def test_keys(bench: Any, make_recorder: Any, key: str, outcome: str, applied: bool) -> None:
    message_id, *_ = await _sent(bench, make_recorder)
    assert await _report(bench, message_id, "key", key=key) is applied
    assert (await bench.outcomes())[0] == outcome
    # Pressed again it says the same.
    before = await bench.kinds()
    assert not await _report(bench, message_id, "key", key=key, event_id="again")
    assert (await bench.outcomes(), await bench.kinds()) == ([outcome], before)


async def test_dr_16_the_other_key_takes_an_acceptance_back_while_that_is_possible(
    bench: Any, make_recorder: Any
) -> None:
    message_id, *_ = await _sent(bench, make_recorder)
    assert await _report(bench, message_id, "key", key="1")
    assert await _report(bench, message_id, "key", key="2")
    assert await bench.outcomes() == ["withdrawn"]
    assert not await _report(bench, message_id, "key", key="1", event_id="regret")


async def test_inside_the_cut_off_the_key_changes_nothing(bench: Any, make_recorder: Any) -> None:
    message_id, *_ = await _sent(bench, make_recorder)
    assert await _report(bench, message_id, "key", key="1")
    bench.hub.clock.move(minutes=61)
    assert not await _report(bench, message_id, "key", key="2")
    assert await bench.outcomes() == ["accepted"]


async def test_after_the_end_reports_are_kept_and_change_nothing(bench: Any, make_recorder: Any) -> None:
    message_id, worker, _ = await _sent(bench, make_recorder)
    bench.hub.clock.move(minutes=5)
    await worker.work_off()
    bench.hub.clock.move(minutes=10)
    await worker.work_off()
    assert await bench.outcomes() == ["no_answer"]
    for event, key in (("delivered", ""), ("no_answer", ""), ("failed", ""), ("key", "1")):
        assert not await _report(bench, message_id, event, attempt=2, key=key)
    assert await bench.outcomes() == ["no_answer"]
    assert len(await bench.rows(InvitationReport)) == 4


async def test_a_report_about_nothing_is_refused(bench: Any) -> None:
    with pytest.raises(InvitationUnknown):
        await _report(bench, "none", "delivered")
