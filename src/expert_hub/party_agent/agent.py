"""Takes the steps that wait for a party, one after the other."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import httpx

from expert_hub.draws.ceremony import COMMIT
from expert_hub.draws.contributors.attestations import OUTCOME
from expert_hub.draws.contributors.chains import tip_of
from expert_hub.draws.contributors.escrow import Escrow
from expert_hub.draws.contributors.party_keys import PartyKeys, own_link, sign
from expert_hub.draws.contributors.registration import registration_of
from expert_hub.draws.contributors.sealed_box import open_sealed
from expert_hub.draws.policy import PARTIES, SUPERVISOR
from expert_hub.draws.rounds import KEY_CONTEXT
from expert_hub.foundation.clock import Clock
from expert_hub.foundation.errors import HubError
from expert_hub.ledger.notes import Checkpoint, NoteBroken, Signer, cosignature, is_signed, read
from expert_hub.ledger.proofs import is_consistent
from expert_hub.party_agent.errors import HubRefused, LedgerRewritten, ProposalDishonest
from expert_hub.party_agent.memory import Memory
from scheduling.transcript import commit_digest, policy_hash

POLL_S: Final = 0.5


class PartyAgent:
    """A party at one hub.

    Args:
        client: HTTP client with the base address of the API and the token of the party's account.
        keys: the party's own keys.
        memory: what was seen before.
        clock: of the party's own machine.
    """

    def __init__(self, client: httpx.AsyncClient, keys: PartyKeys, memory: Memory, clock: Clock) -> None:
        self._client, self._keys, self._memory, self._clock = client, keys, memory, clock
        self._signer = Signer(keys.party, keys.signing_key)
        self._sealed: dict[str, bytes] = {}
        self._log: tuple[str, bytes] | None = None

    async def register(self, escrow: Escrow | None = None) -> dict[str, Any]:
        """Register the party's chain.

        Raises:
            HubRefused: the hub said no.
        """
        return await self.hand_in(registration_of(self._keys, escrow))

    async def hand_in(self, document: dict[str, Any]) -> dict[str, Any]:
        """Register the public document that was made when the keys were.

        Raises:
            HubRefused: the hub said no.
        """
        found: dict[str, Any] = await self._post("/draw-parties", document)
        return found

    async def step(self) -> list[str]:
        """Take every step that waits now. Returns what was done, as "step draw number".

        Raises:
            HubError, NoteBroken: steps were not taken; this is the first of them. One draw does not hold up the others.
        """
        done, faults = [], []
        for task in await self._get("/draw-tasks"):
            try:
                await self._take(task)
            except (HubError, NoteBroken) as error:
                faults.append(error)
            else:
                done.append(f"{task['step']} {task['draw_id']} {task['number']}")
        if faults:
            raise faults[0]
        return done

    async def attend(self, tell: Callable[[str], None], until: asyncio.Event) -> None:
        """Take steps as they come, until the event is set; what fails is told and tried again."""
        while not until.is_set():
            try:
                for line in await self.step():
                    tell(line)
            except (HubError, NoteBroken) as error:
                tell(str(error))
            except httpx.HTTPError as error:
                tell(type(error).__name__)
            try:
                async with asyncio.timeout(POLL_S):
                    await until.wait()
            except TimeoutError:
                continue

    async def names(self, draw_id: str) -> list[str]:
        """Open who sits on the panel, once everybody has checked in. Returns expert ids by seat.

        Raises:
            HubRefused: not yet, or not for this account.
        """
        share = await self._share(draw_id)
        found: list[str] = await self._post(f"/draws/{draw_id}/names", {"key_share": share.hex()})
        return found

    async def leaf(self, draw_id: str, expert_id: str) -> list[Any]:
        """Open the leaf of one expert, to be handed to that expert: position, leaf, proof.

        Raises:
            HubRefused: there is none.
        """
        share = await self._share(draw_id)
        body = {"expert_id": expert_id, "key_share": share.hex()}
        found: list[Any] = await self._post(f"/draws/{draw_id}/leaf", body)
        return found

    async def close(self, draw_id: str) -> None:
        """Cosign the closing checkpoint of a draw; then its transcript exists.

        Raises:
            HubRefused, LedgerRewritten: it was not closed.
        """
        await self._policy((await self._get(f"/draws/{draw_id}"))["policy"])
        note = (await self._post(f"/draws/{draw_id}/closing", {}))["checkpoint"]
        line = await self._cosigned(note)
        await self._post(f"/draws/{draw_id}/closing/cosignature", {"line": line})

    async def _take(self, task: dict[str, Any]) -> None:
        draw_id, number = task["draw_id"], task["number"]
        if task["step"] == "sign":
            await self._sign(draw_id)
        elif task["step"] == "cosign":
            draw = await self._get(f"/draws/{draw_id}")
            await self._policy(draw["policy"])
            line = await self._cosigned(draw["round"]["checkpoint"])
            await self._post(f"/draws/{draw_id}/rounds/{number}/cosignature", {"line": line})
        elif task["step"] == "link":
            await self._reveal(draw_id, number, task["index"])
        elif task["step"] == "reassess":
            share = await self._share(draw_id)
            await self._post(f"/draws/{draw_id}/reassessment", {"key_share": share.hex()})
        elif task["step"] == "attest":
            await self._attest(draw_id)
        else:
            await self._post(f"/draws/{draw_id}/replacements", {})

    async def _sign(self, draw_id: str) -> None:
        proposal = await self._post(f"/draws/{draw_id}/proposal", {})
        body, digest = proposal["body"], proposal["digest"]
        self._ensure_honest(draw_id, body, digest)
        self._ensure_timely(body, await self._policy(body["policy"]))
        signature = sign(self._keys, COMMIT, bytes.fromhex(digest))
        await self._post(f"/draws/{draw_id}/commit", {"signature": signature.hex()})
        known = self._memory.seen.committed
        known[body["subject"]] = [*known.get(body["subject"], []), digest]
        self._memory.keep()

    def _ensure_honest(self, draw_id: str, body: dict[str, Any], digest: str) -> None:
        own = [item for item in body["parties"] if item["party"] == self._keys.party]
        tip = tip_of(self._keys.root, self._keys.length).hex()
        if commit_digest(body) != digest or body["draw"] != draw_id:
            raise ProposalDishonest(why="digest")
        if len(own) != 1 or own[0]["tip"] != tip:
            raise ProposalDishonest(why="chain")
        # A draw that this party signed and that is not named as an earlier attempt would be a hidden one.
        if not set(self._memory.seen.committed.get(body["subject"], [])) <= set(body["previous"]):
            raise ProposalDishonest(why="attempts")

    def _ensure_timely(self, body: dict[str, Any], policy: dict[str, Any]) -> None:
        now = self._clock.now().timestamp()
        if abs(datetime.fromisoformat(body["committed_at"]).timestamp() - now) > policy["max_clock_s"]:
            raise ProposalDishonest(why="clock")
        chains = {item["chain"]: item for item in policy["beacons"]}
        for item in body["plan"]:
            if item["level"] == PARTIES:
                continue
            chain = chains.get(item["chain"])
            if chain is None or chain["genesis"] + (item["round"] - 1) * chain["period_s"] <= now:
                raise ProposalDishonest(why="beacon")

    async def _policy(self, digest: str) -> dict[str, Any]:
        answer = await self._client.get(f"/draw-policies/{digest}")
        policy: dict[str, Any] = checked(answer).json()
        if policy_hash(policy) != digest or policy["parties"].get(self._keys.party) != self._keys.ed25519.hex():
            raise ProposalDishonest(why="policy")
        self._log = (policy["log"]["origin"], bytes.fromhex(policy["log"]["key"]))
        return policy

    async def _cosigned(self, note: str) -> str:
        checkpoint, _ = read(note)
        if self._log is None or not is_signed(note, *self._log):
            raise ProposalDishonest(why="checkpoint")
        seen = self._memory.seen
        old = (seen.size, bytes.fromhex(seen.root))
        if seen.size and not await self._continues(old, checkpoint):
            raise LedgerRewritten(old=seen.size)
        if checkpoint.size > seen.size:
            # Before the signature leaves: a crash in between must not make this party sign two histories.
            seen.size, seen.root = checkpoint.size, checkpoint.root.hex()
            self._memory.keep()
        return cosignature(checkpoint, self._signer, int(self._clock.now().timestamp()))

    async def _continues(self, old: tuple[int, bytes], checkpoint: Checkpoint) -> bool:
        new = (checkpoint.size, checkpoint.root)
        first, last = (old, new) if old[0] <= new[0] else (new, old)
        path = f"/ledger/consistency?old={first[0]}&new={last[0]}"
        proof = [bytes.fromhex(node) for node in (await self._get(path))["proof"]]
        return is_consistent(first, last, proof)

    async def _reveal(self, draw_id: str, number: int, index: int) -> None:
        body = {"party": self._keys.party, "link": own_link(self._keys, index).hex()}
        if self._keys.party == SUPERVISOR:
            body["key_share"] = (await self._share(draw_id)).hex()
        await self._post(f"/draws/{draw_id}/rounds/{number}/link", body)

    async def _share(self, draw_id: str) -> bytes:
        if draw_id not in self._sealed:
            sealed = (await self._get(f"/draws/{draw_id}/sealed-key"))["sealed_key"]
            self._sealed[draw_id] = bytes.fromhex(sealed)
        return open_sealed(self._keys.sealing_key, self._sealed[draw_id], KEY_CONTEXT)

    async def _attest(self, draw_id: str) -> None:
        for item in await self._get(f"/draws/{draw_id}/outcomes"):
            signature = sign(self._keys, OUTCOME, bytes.fromhex(item["digest"]))
            await self._post(
                f"/draws/{draw_id}/outcomes/{item['number']}/{item['seat']}", {"signature": signature.hex()}
            )

    async def _get(self, path: str) -> Any:
        return checked(await self._client.get(path)).json()

    async def _post(self, path: str, body: Any) -> Any:
        answer = checked(await self._client.post(path, json=body))
        return answer.json() if answer.content else None


def checked(answer: httpx.Response) -> httpx.Response:
    """The answer, unless the hub refused.

    Raises:
        HubRefused: it did.
    """
    if answer.is_error:
        try:
            problem = answer.json()
        except ValueError:
            problem = {}
        raise HubRefused(status=answer.status_code, problem=problem.get("code", ""), detail=problem.get("detail", ""))
    return answer
