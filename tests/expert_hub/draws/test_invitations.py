"""Invitations and their answers over HTTP on a real server."""

from typing import Any


async def test_dr_13_the_message_names_no_project_entity_bidder_or_member(api: Any) -> None:
    await api.draw(await api.register())
    await api.codes(6)
    texts = "".join(path.read_text("utf-8") for path in api.hub.settings.outbox_dir.glob("*.json"))
    for secret in ("SAMPLE-GP", "校园网络", "南粤", "样例智慧", "粤海"):
        assert secret not in texts
    assert "2026-03-02 09:30" in texts


async def test_a_refusal_asks_the_next_alternate_until_none_is_left(api: Any) -> None:
    draw_id = await api.draw(await api.register())
    seen: set[str] = set()
    declined = 0
    while (await api.get(f"/draws/{draw_id}", "centre"))["state"] == "inviting":
        waiting = [code for code in await api.codes(6 + min(declined, 6)) if code not in seen]
        if not waiting:
            break
        seen.add(waiting[0])
        await api.post("/invitations/answer", None, {"code": waiting[0], "accept": False})
        declined += 1
    assert (await api.get(f"/draws/{draw_id}", "centre"))["state"] == "short"
    # Three quotas of two seats and two alternates: at the latest the seventh refusal leaves one quota without.
    assert 3 <= declined <= 7


async def test_a_short_draw_may_be_followed_by_one_that_names_it(api: Any) -> None:
    lot_id = await api.register(committee__alternates=0)
    first = await api.draw(lot_id)
    commitment = (await api.get(f"/draws/{first}", "centre"))["commitment"]
    await api.post("/invitations/answer", None, {"code": (await api.codes(6))[0], "accept": False})
    second = await api.draw(lot_id)
    transcript = (await api.ask("GET", f"/draws/{second}/transcript.json", "auditor")).json()
    assert transcript["commit"]["attempt"] == 2
    assert transcript["commit"]["previous"] == [commitment]


async def test_a_lost_answer_is_given_again_and_leads_to_the_same_account(api: Any) -> None:
    draw_id = await api.draw(await api.register())
    accepted, declined, *_ = await api.codes(6)
    before = await api.get(f"/draws/{draw_id}", "centre")
    accounts = []
    for number in range(3):
        answer = await api.post("/invitations/answer", None, {"code": accepted, "accept": True})
        api.tokens[f"again-{number}"] = answer["access_token"]
        accounts.append((await api.get("/me", f"again-{number}"))["username"])
        await api.post("/invitations/answer", None, {"code": declined, "accept": False})
    assert len(set(accounts)) == 1
    # One refusal asked one alternate, however often it was said.
    assert len(await api.codes(7)) == 7
    assert (await api.get(f"/draws/{draw_id}", "centre"))["state"] == before["state"]


async def test_an_invitation_is_answered_once_and_by_its_code_only(api: Any) -> None:
    await api.draw(await api.register())
    code = (await api.codes(6))[0]
    answer = await api.post("/invitations/answer", None, {"code": code.upper(), "accept": True})
    api.tokens["expert"] = answer["access_token"]
    assert (await api.get("/me", "expert"))["roles"] == ["expert"]
    again = await api.refused("POST", "/invitations/answer", None, {"code": code, "accept": False})
    assert again == (409, "draws/too-late-to-withdraw")
    unknown = await api.refused("POST", "/invitations/answer", None, {"code": "a" * 16, "accept": True})
    assert unknown == (404, "draws/invitation-unknown")
