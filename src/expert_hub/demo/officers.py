"""What the officers do over HTTP: register, draw, invite, open the room, fetch the report."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from expert_hub.demo.preparation import Stage
from expert_hub.demo.telling import Tell
from expert_hub.draws.contributors.party_keys import create_keys, save_keys
from expert_hub.draws.policy import SUPERVISOR
from expert_hub.foundation.chance import SystemChance
from expert_hub.foundation.clock import SystemClock
from expert_hub.foundation.errors import HubError
from expert_hub.party_agent.agent import PartyAgent
from expert_hub.party_agent.visit import Visit, at_hub
from scheduling.verify_draw import verify

_CODE = re.compile(r"答复码：(\w+)")


class StepRefused(HubError):
    """The hub refused a step of the story."""

    code = "demo/step-refused"
    status = 500
    zh = "演示步骤被拒绝（{status} {problem}）：{detail}"
    en = "A step of the demonstration was refused ({status} {problem}): {detail}"


class Desk:
    """HTTP on behalf of the officers, each with the token of the own log-in."""

    def __init__(self, base_url: str) -> None:
        self._client = httpx.AsyncClient(base_url=f"{base_url}/api/v1", timeout=60)
        self.tokens: dict[str, str] = {}

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def log_in(self, username: str, password: str) -> None:
        """Log an officer in."""
        answer = await self.post(None, "/sessions", {"username": username, "password": password})
        self.tokens[username] = answer["access_token"]

    async def post(self, officer: str | None, path: str, body: Any) -> Any:
        """POST as an officer.

        Raises:
            StepRefused: the hub said no.
        """
        return self._checked(await self._client.post(path, json=body, headers=self._headers(officer))).json()

    async def get(self, officer: str | None, path: str) -> httpx.Response:
        """GET as an officer.

        Raises:
            StepRefused: the hub said no.
        """
        return self._checked(await self._client.get(path, headers=self._headers(officer)))

    def _headers(self, officer: str | None) -> dict[str, str]:
        return {"authorization": f"Bearer {self.tokens[officer]}"} if officer else {}

    @staticmethod
    def _checked(response: httpx.Response) -> httpx.Response:
        if response.is_error:
            problem = response.json()
            raise StepRefused(
                status=response.status_code, problem=problem.get("code", ""), detail=problem.get("detail", "")
            )
        return response


async def register_tender(desk: Desk, stage: Stage, tell: Tell) -> str:
    """Register the sample tender. Returns the id of its lot."""
    form = json.loads(json.dumps(stage.tender, default=lambda instant: instant.isoformat()))
    project = await desk.post("centre", "/projects", form)
    tell(
        f"登记采购：{project['code']} {project['name']}，规则包 {project['pack_id']} {project['pack_version']}",
        f"Registered tender {project['code']} under rule pack {project['pack_id']} {project['pack_version']}",
    )
    return str(project["lots"][0]["id"])


@asynccontextmanager
async def supervision(stage: Stage, base_url: str) -> AsyncIterator[PartyAgent]:
    """The supervisor's own program, with keys that the hub does not have, attending until the block ends."""
    keys = create_keys(SUPERVISOR, 64, SystemChance())
    path = stage.folder / "supervisor.party.json"
    save_keys(path, keys)
    officer = stage.officers["supervisor"]
    visit = Visit(keys, path.with_suffix(".seen.json"), base_url, (officer.username, officer.password))
    async with at_hub(visit, SystemClock()) as agent:
        await agent.register()
        stop = asyncio.Event()
        attending = asyncio.create_task(agent.attend(lambda _: None, stop))
        try:
            yield agent
        finally:
            stop.set()
            await attending


async def draw_panel(desk: Desk, lot_id: str, tell: Tell) -> str:
    """Ask for the panel; the supervisor's program signs, cosigns and reveals. Returns the draw's id."""
    order = {"lot_id": lot_id, "place": "广州样例评标场所或湛江样例评标场所", "phone": "020-00000000"}
    draw = await desk.post("centre", "/draws", order)
    counts = draw["counts"]
    tell(
        f"候选 {counts['pool']} 人，各专业合格人数 {counts['eligible']}，按回避事由排除 {counts['excluded']}",
        f"Pool of {counts['pool']}; eligible per quota {counts['eligible']}; excluded by ground {counts['excluded']}",
    )
    draw = await _reached(desk, draw["id"], {"inviting", "vacant", "ready"})
    tell(f"抽取承诺值 {draw['commitment']}", f"Draw committed: {draw['commitment']}")
    tell("双方随机数与信标齐备，已抽出", "Drawn from the links of both parties and the beacon")
    return str(draw["id"])


async def _reached(desk: Desk, draw_id: str, states: set[str]) -> dict[str, Any]:
    for _ in range(600):
        draw: dict[str, Any] = (await desk.get("centre", f"/draws/{draw_id}")).json()
        if draw["state"] in states:
            return draw
        await asyncio.sleep(0.1)
    raise StepRefused(status=0, problem="demo/draw", detail=f"the draw stayed {draw['state']}")


async def gather_answers(desk: Desk, stage: Stage, draw_id: str, tell: Tell, declining: int = 1) -> int:
    """Play the invited experts: the first ones decline, the others accept. Returns how many accepted."""
    outbox, seen, accepted, declined = stage.folder / "outbox", set[Path](), 0, 0
    for _ in range(600):
        for path in sorted(set(outbox.glob("*.json")) - seen) if outbox.is_dir() else []:
            seen.add(path)
            code = _CODE.search(json.loads(path.read_text(encoding="utf-8"))["text"])
            is_refusal = declined < declining
            if code is None:
                continue
            answer = await desk.post(None, "/invitations/answer", {"code": code[1], "accept": not is_refusal})
            declined += is_refusal
            if answer["access_token"]:
                desk.tokens[f"expert-{accepted}"] = answer["access_token"]
                accepted += 1
        if (await desk.get("centre", f"/draws/{draw_id}")).json()["state"] == "ready":
            tell(
                f"专家答复：{declined} 人谢绝，以新的随机数补抽，{accepted} 人接受",
                f"Experts answered: {declined} declined and was replaced with fresh randomness, {accepted} accepted",
            )
            return accepted
        await asyncio.sleep(0.05)
    raise StepRefused(status=0, problem="demo/invitations", detail="the panel did not become complete")


async def publish_draw(desk: Desk, agent: PartyAgent, stage: Stage, draw_id: str, tell: Tell) -> Path:
    """Close the draw, fetch transcript and policy as anybody could, and verify. Returns the file of the transcript."""
    await agent.close(draw_id)
    folder = stage.folder / "draw"
    folder.mkdir(exist_ok=True)
    draw = (await desk.get("supervisor", f"/draws/{draw_id}")).json()
    policy = (await desk.get(None, f"/draw-policies/{draw['policy']}")).content
    transcript = (await desk.get(None, f"/draws/{draw_id}/transcript.json")).content
    (folder / "policy.json").write_bytes(policy)
    (folder / "transcript.json").write_bytes(transcript)
    verdict = verify(transcript, policy, (draw["commitment"],))
    result = "PASS" if verdict.ok else f"FAIL {[str(finding) for finding in verdict.findings]}"
    path = folder / "transcript.json"
    tell(f"抽取验证 draw verified: {result}（{path}）", f"draw verified: {result} ({path})")
    return path


async def open_room(desk: Desk, lot_id: str, tell: Tell) -> str:
    """Open the room at two venues. Returns its id."""
    order = {
        "lot_id": lot_id,
        "host_venue": "guangzhou",
        "guest_venues": ["zhanjiang"],
        "representatives": ["representative"],
    }
    room = await desk.post("centre", "/rooms", order)
    tell(
        "评标室已开：主场广州，副场湛江，席位与工位随机分配",
        "Room opened: host Guangzhou, guest Zhanjiang; seats and workstations assigned at random",
    )
    return str(room["id"])


async def fetch_report(desk: Desk, stage: Stage, room_id: str) -> tuple[dict[str, Any], Path]:
    """Fetch the report as JSON and PDF. Returns the data and the path of the PDF."""
    folder = stage.folder / "report"
    folder.mkdir(exist_ok=True)
    answer = await desk.get("supervisor", f"/rooms/{room_id}/report.json")
    (folder / "report.json").write_bytes(answer.content)
    pdf = await desk.get("supervisor", f"/rooms/{room_id}/report.pdf")
    (folder / "report.pdf").write_bytes(pdf.content)
    return answer.json(), folder / "report.pdf"
