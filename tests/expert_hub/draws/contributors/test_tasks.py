"""Each state of a draw shows its party one step, and nobody else any."""

from typing import Any

from expert_hub.draws import ceremony
from expert_hub.draws.calling.vacancies import give_up_seat
from expert_hub.draws.contributors.tasks import tasks_for
from tests.expert_hub.draws.ceremonies import AUDITOR, CENTRE, SUPERVISOR


async def steps(ceremonies: Any, actor: Any = SUPERVISOR) -> list[tuple[str, int, int | None]]:
    async with ceremonies.hub.database.read() as session:
        return [(task.step, task.number, task.index) for task in await tasks_for(session, actor)]


async def test_the_supervisor_is_led_through_a_draw_and_a_replacement(ceremonies: Any) -> None:
    draw_id = await ceremonies.request()
    assert await steps(ceremonies) == [("sign", 0, None)]
    await ceremonies.commit(draw_id)
    assert await steps(ceremonies) == [("cosign", 0, None)]
    await ceremonies.cosign(draw_id)
    assert await steps(ceremonies) == [("link", 0, 1)]
    await ceremonies.link(draw_id)
    assert await steps(ceremonies) == []
    await ceremonies.settle(draw_id)
    assert await steps(ceremonies) == []
    await ceremonies.accept_all(draw_id)
    assert await steps(ceremonies) == []
    await ceremonies.do(give_up_seat, (await ceremonies.held(draw_id))[2].account_id, "absent")
    assert await steps(ceremonies) == [("attest", 0, None)]
    await ceremonies.attest(draw_id)
    assert await steps(ceremonies) == [("replace", 0, None)]
    await ceremonies.do(ceremony.open_replacement, SUPERVISOR, draw_id)
    assert await steps(ceremonies) == [("cosign", 1, None)]
    await ceremonies.cosign(draw_id, 1)
    assert await steps(ceremonies) == [("link", 1, 2)]
    await ceremonies.do(ceremony.void_draw, SUPERVISOR, draw_id)
    assert await steps(ceremonies) == []


async def test_another_party_is_asked_for_its_link_only(ceremonies: Any) -> None:
    await ceremonies.party("auditor")
    draw_id = await ceremonies.request(contributors=["auditor"])
    for step in (ceremonies.commit, ceremonies.cosign):
        assert await steps(ceremonies, AUDITOR) == []
        await step(draw_id)
    assert await steps(ceremonies, AUDITOR) == [("link", 0, 1)]
    assert await steps(ceremonies, CENTRE) == []
    await ceremonies.link(draw_id, 0, "auditor")
    assert (await steps(ceremonies, AUDITOR), await steps(ceremonies)) == ([], [("link", 0, 1)])


async def test_the_oldest_draw_comes_first(ceremonies: Any) -> None:
    draws = []
    for _ in range(3):
        draws.append(await ceremonies.request())
        ceremonies.hub.clock.move(seconds=1)
    async with ceremonies.hub.database.read() as session:
        assert [task.draw_id for task in await tasks_for(session, SUPERVISOR)] == draws
