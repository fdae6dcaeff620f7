"""One worker on a clock that is moved by hand: what it sends, repeats, ends, and leaves to others."""

import asyncio
import json
from typing import Any

import pytest
from structlog.testing import capture_logs

from expert_hub.draws.calling.invitations import answer
from expert_hub.draws.calling.notifier import Message, Receipt, Result
from expert_hub.draws.calling.smtp_channel import MailRoute, SmtpChannel
from expert_hub.draws.calling.webhook_channel import WebhookChannel
from expert_hub.draws.tables import Invitation, InvitationAttempt
from expert_hub.ledger.tables import LedgerEntry

LATER, REFUSED = Receipt(Result.LATER, "http-503"), Receipt(Result.REFUSED, "http-422")


async def test_each_message_goes_out_once_and_what_sent_it_is_destroyed(bench: Any, recorder: Any) -> None:
    await bench.draw(6, 2)
    worker = bench.worker(recorder)
    assert await worker.work_off() == 6
    assert await worker.work_off() == 0
    rows = [row for row in await bench.invitations() if row.state != "held"]
    assert {message.message_id for message in recorder.sent} == {row.id for row in rows}
    assert len({message.mobile for message in recorder.sent}) == 6
    assert {(message.attempt, message.mode) for message in recorder.sent} == {(1, "ivr")}
    assert {(row.state, row.parcel_sealed, row.sent_at) for row in rows} == {("sent", None, bench.hub.clock.now())}
    attempts = await bench.rows(InvitationAttempt)
    assert [(row.number, row.round, row.channel, row.result, row.reason) for row in attempts] == [
        (1, 1, "recorder", "accepted", "")
    ] * 6


async def test_no_row_of_an_invitation_names_the_expert_or_the_number(bench: Any, recorder: Any) -> None:
    await bench.draw(6)
    text = " ".join(str(row.model_dump()) for row in await bench.invitations())
    await bench.worker(recorder).work_off()
    text += " ".join(str(row.model_dump()) for row in await bench.invitations())
    text += " ".join(str(row.model_dump()) for row in await bench.rows(InvitationAttempt))
    assert not [expert for expert in bench.experts if expert in text]
    assert not [message for message in recorder.sent if message.mobile in text]


async def test_a_dead_gateway_passes_nobody_over_and_the_limit_counts_from_the_hand_over(
    bench: Any, recorder: Any
) -> None:
    await bench.draw(3)
    worker, clock = bench.worker(recorder), bench.hub.clock
    recorder.decide = lambda _: LATER
    for _ in range(40):
        await worker.work_off()
        clock.move(minutes=1)
    assert await bench.outcomes() == ["invited"] * 3
    recorder.decide = None
    clock.move(minutes=5)
    await worker.work_off()
    clock.move(minutes=9)
    await worker.work_off()
    assert [row.state for row in await bench.invitations()] == ["sent"] * 3
    assert len(recorder.sent) == 3
    assert {message.attempt for message in recorder.sent} == {1}


async def test_a_dead_gateway_is_asked_less_and_less_often(bench: Any, recorder: Any) -> None:
    await bench.draw(1)
    worker, clock = bench.worker(recorder), bench.hub.clock
    recorder.decide = lambda _: LATER
    for _ in range(600):
        await worker.work_off()
        clock.move(seconds=1)
    # At once and after 5, 10, 20, 40, 80, 160 seconds; the next after 300.
    assert len(await bench.rows(InvitationAttempt)) == 7


async def test_who_does_not_answer_in_time_loses_the_seat_once(bench: Any, recorder: Any) -> None:
    draw_id = await bench.draw(2)
    workers, clock = [bench.worker(recorder) for _ in range(4)], bench.hub.clock
    for _ in range(3):
        await asyncio.gather(*(worker.work_off() for worker in workers))
        clock.move(minutes=10)
    assert len(recorder.sent) == 2
    assert await bench.outcomes() == ["no_answer"] * 2
    assert await bench.state(draw_id) == "vacant"
    kinds = await bench.kinds()
    assert (kinds.count("draws/invited"), kinds.count("draws/no-answer"), kinds.count("draws/vacant")) == (2, 2, 1)


async def test_the_record_of_a_no_answer_is_bound_into_the_ledger(bench: Any, recorder: Any) -> None:
    await bench.draw(2)
    await bench.worker(recorder).work_off()
    bench.hub.clock.move(minutes=10)
    await bench.worker(recorder).work_off()
    places = [{"number": 0, "position": place, "seat": place} for place in range(2)]
    said = {}
    for kind in ("draws/attempted", "draws/no-answer", "draws/evidence"):
        rows = await bench.rows(LedgerEntry, LedgerEntry.kind == kind)
        said[kind] = sorted((json.loads(row.text)["body"] for row in rows), key=lambda body: body["position"])
    assert said["draws/attempted"] == [{**place, "attempt": 1, "result": "accepted"} for place in places]
    assert said["draws/no-answer"] == places
    digests = {body.pop("sha256") for body in said["draws/evidence"]}
    assert (said["draws/evidence"], len(digests)) == (places, 2)


async def test_the_next_channel_takes_what_the_first_refuses_or_cannot(bench: Any, make_recorder: Any) -> None:
    first, second = make_recorder("first", decide=_every_other()), make_recorder("second")
    await bench.draw(6)
    await bench.worker(first, second).work_off()
    assert first.sent == []
    assert len(second.sent) == 6
    tried = [(row.channel, row.result) for row in await bench.rows(InvitationAttempt)]
    assert sorted(tried) == [("first", "later")] * 3 + [("first", "refused")] * 3 + [("second", "accepted")] * 6


def _every_other() -> Any:
    answers = [LATER, REFUSED] * 3
    return lambda _: answers.pop()


async def test_mail_takes_over_from_a_gateway_that_is_gone(bench: Any, mail_server: Any, gateway: Any) -> None:
    gateway.mode = "drop"
    webhook = WebhookChannel(gateway.url, b"s" * 32, "https://hub/callback", bench.hub.clock, 2)
    mail = SmtpChannel(MailRoute("127.0.0.1", mail_server.port, "none", "hub@example.org", "{mobile}@example.org"), 2)
    await bench.draw(6)
    await bench.worker(webhook, mail).work_off()
    assert len({each["To"] for each in mail_server.mails}) == 6
    assert len(gateway.posted) == 6
    await webhook.close()


async def test_a_channel_that_refused_for_good_is_not_asked_again(bench: Any, make_recorder: Any) -> None:
    asked = []
    first = make_recorder("first", decide=lambda message: asked.append(message) or REFUSED)
    second = make_recorder("second", decide=lambda _: LATER)
    await bench.draw(1)
    worker = bench.worker(first, second)
    for _ in range(3):
        await worker.work_off()
        bench.hub.clock.move(minutes=5)
    second.decide = None
    await worker.work_off()
    assert (len(asked), len(second.sent)) == (1, 1)


async def test_a_number_that_every_channel_refuses_is_unreachable(bench: Any, make_recorder: Any) -> None:
    refused: set[str] = set()

    def first_number(message: Message) -> Receipt:
        refused.add(message.mobile) if not refused else None
        return REFUSED if message.mobile in refused else Receipt(Result.ACCEPTED)

    channels = make_recorder("first", decide=first_number), make_recorder("second", decide=first_number)
    await bench.draw(2)
    await bench.worker(*channels).work_off()
    assert sorted(await bench.outcomes()) == ["invited", "unreachable"]
    assert "draws/unreachable" in await bench.kinds()
    assert len(channels[0].sent) == 1


async def test_one_call_that_hangs_holds_up_nobody_else(bench: Any, make_recorder: Any) -> None:
    hanging = make_recorder("hanging", hangs_once=True)
    await bench.draw(40)
    async with bench.worker(hanging, timeout_s=20).running():
        await _until(lambda: len(hanging.sent) == 39, 15)
    assert hanging.is_closed


async def test_a_crashed_worker_is_succeeded_after_its_lease_with_the_same_attempt(bench: Any, recorder: Any) -> None:
    await bench.draw(3)
    crashed = bench.worker(recorder)
    assert len(await crashed._take_up(16)) == 3
    other = bench.worker(recorder)
    assert await other.work_off() == 0
    bench.hub.clock.move(seconds=9)
    assert await other.work_off() == 0
    bench.hub.clock.move(seconds=2)
    assert await other.work_off() == 3
    assert [message.attempt for message in recorder.sent] == [1] * 3


async def test_a_worker_that_lost_its_lease_changes_nothing_but_its_record(bench: Any, recorder: Any) -> None:
    await bench.draw(1)
    slow, quick = bench.worker(recorder), bench.worker(recorder)
    (errand,) = await slow._take_up(1)
    bench.hub.clock.move(seconds=11)
    await quick.work_off()
    (before,) = await bench.invitations()
    await slow._do(errand)
    (after,) = await bench.invitations()
    assert after.model_dump() == before.model_dump()
    assert [row.number for row in await bench.rows(InvitationAttempt)] == [1, 2]


async def test_what_was_committed_while_the_connection_broke_is_not_noted_twice(bench: Any, recorder: Any) -> None:
    await bench.draw(1)
    worker = bench.worker(recorder)
    record, calls = worker._record, []

    async def record_and_break(*arguments: Any) -> None:
        await record(*arguments)
        calls.append(arguments)
        if len(calls) == 1:
            raise ConnectionError("the answer to the commit was lost")

    worker._record = record_and_break
    await worker.work_off()
    assert (len(calls), len(recorder.sent), len(await bench.rows(InvitationAttempt))) == (2, 1, 1)


async def test_an_answer_that_comes_while_the_message_is_on_its_way_stands(bench: Any, make_recorder: Any) -> None:
    await bench.draw(1)
    (code,) = await bench.codes()
    worker = bench.worker(make_recorder("x"))
    (errand,) = await worker._take_up(1)
    async with bench.hub.database.write() as session:
        await answer(session, bench.means, code, accept=False)
    await worker._do(errand)
    assert await bench.outcomes() == ["declined"]
    assert len(await bench.rows(InvitationAttempt)) == 1


async def test_a_spoilt_row_stops_no_other_and_ends_with_its_time(bench: Any, recorder: Any) -> None:
    await bench.draw(3)
    async with bench.hub.database.write() as session:
        row = await session.get(Invitation, (await bench.invitations())[0].id)
        row.parcel_sealed = bytes(40)
    with capture_logs() as logs:
        await bench.worker(recorder).work_off()
    assert len(recorder.sent) == 2
    assert [(entry["event"], entry["error"]) for entry in logs] == [("defect", "InvalidTag")]
    bench.hub.clock.move(hours=2)
    await bench.worker(recorder).work_off()
    assert sorted(await bench.outcomes()) == ["no_answer", "no_answer", "unreachable"]


async def test_a_nudge_sends_at_once_and_logs_tell_nobody(bench: Any, make_recorder: Any) -> None:
    recorder = make_recorder("x", decide=lambda _: LATER)
    worker = bench.worker(recorder)
    with capture_logs() as logs:
        async with worker.running():
            await bench.draw(2)
            await worker.nudge()
            await _until(lambda: len(logs) == 2, 2)
    codes = await bench.codes()
    numbers = [bench.parcel(row).mobile for row in await bench.invitations()]
    assert {entry["event"] for entry in logs} == {"message not handed over"}
    assert not [secret for secret in codes + numbers if secret in str(logs)]


async def test_the_worker_outlives_a_database_that_fails(
    bench: Any, recorder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = [ConnectionError("gone"), ValueError("a defect")]
    read = bench.hub.database.read

    def failing() -> Any:
        if failures:
            raise failures.pop()
        return read()

    monkeypatch.setattr(bench.hub.database, "read", failing)
    with capture_logs() as logs:
        async with bench.worker(recorder).running():
            await _until(lambda: not failures, 2)
            await bench.draw(1)
            await _until(lambda: len(recorder.sent) == 1, 2)
    assert sorted(entry["event"] for entry in logs) == ["database busy", "defect"]


async def _until(condition: Any, seconds: float) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)
