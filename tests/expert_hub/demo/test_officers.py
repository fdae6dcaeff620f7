"""The desk of the officers speaks HTTP with a real hub and passes its refusals on."""

from typing import Any

import pytest

from expert_hub.demo.officers import Desk, StepRefused
from expert_hub.foundation.errors import text_of


async def test_a_refusal_is_passed_on_with_status_and_code(api: Any) -> None:
    desk = Desk(f"http://{api.address}")
    with pytest.raises(StepRefused) as refused:
        await desk.log_in("centre", "a password that is wrong")
    with pytest.raises(StepRefused, match="401 identity/unauthenticated"):
        await desk.get(None, "/draws/none")
    await desk.close()
    facts = refused.value.facts
    assert (facts["status"], facts["problem"]) == (401, "identity/login-refused")
    assert text_of(refused.value, "zh").startswith("演示步骤被拒绝（401 identity/login-refused）：")
    assert desk.tokens == {}


async def test_every_officer_asks_with_a_token_of_his_own(api: Any) -> None:
    desk = Desk(f"http://{api.address}")
    desk.tokens.update(api.tokens)
    draw_id = await api.draw(await api.register())
    assert (await desk.get("supervisor", f"/draws/{draw_id}")).json()["id"] == draw_id
    with pytest.raises(StepRefused):
        await desk.get("stranger", f"/draws/{draw_id}")
    await desk.close()
