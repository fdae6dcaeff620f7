"""Makes whole draws, honest ones and, through edits at named steps, dishonest ones.

An edit is a function ``(maker, value, number)`` at a step; it changes the value or returns another one. What comes
after the step is made from the edited value, so a cheat is as consistent as the holder of the centre's key can make it.
"""

from copy import deepcopy
from dataclasses import replace
from itertools import pairwise
from random import Random

from tests.scheduling.transcripts.order import StuckError
from tests.scheduling.transcripts.pools import PoolMaker
from tests.scheduling.transcripts.scenarios import SUPERVISED, random_scenario
from tests.scheduling.transcripts.world import (
    CHAIN_LENGTH,
    GENESIS,
    ORIGIN,
    PERIOD_S,
    Ledger,
    beacon,
    canonical,
    consistency,
    h,
    hashlib,
    hexes,
    inclusion,
    instant,
    key,
    ledger_node,
    links,
    pool_node,
    root_of,
    round_at,
    u64,
)

START = 1_790_000_000 // 3600 * 3600
WITNESSES = {"w1": "university", "w2": "court", "w3": "press", "w4": "centre"}
QUORUM = 2
ANSWER_S = 600


class Maker(PoolMaker):
    """One draw. ``transcript`` and ``policy`` are there when it is made."""

    def __init__(self, scenario):
        self.scenario, self.random = scenario, Random(scenario.label)
        self.now = START - 86_400
        self.draw_id, self.lot = f"draw-{scenario.label}", f"lot-{scenario.label}"
        self.parties = ["centre", "supervisor", *sorted(f"hub{number}" for number in range(1, scenario.hubs + 1))]
        self.beacons = {
            "public": beacon("public", "public", scenario.public_scheme),
            "federated": beacon("federated", "federated", "bls-unchained-on-g1"),
        }
        self.ledger = Ledger(WITNESSES)
        self.used_links = {}
        self.stamps, self.replacements, self.outcomes, self.seats = [], [], [], {}
        self.codes = {}
        self.policy = self.edit("policy", self.make_policy())
        self.make()

    def edit(self, step, value, number=0):
        """Let the cheat at this step, if there is one, change the value."""
        change = self.scenario.edits.get(step)
        if change is None:
            return value
        changed = change(self, value, number)
        return value if changed is None else changed

    def make_policy(self):
        return {
            "policy": "XD-1/policy",
            "suite": "intl",
            "parties": {name: key(name).public.hex() for name in ("centre", "supervisor", "hub1", "hub2", "hub3")},
            "min_parties": 2,
            "min_parties_alone": 3,
            "log": {"origin": ORIGIN, "key": key("log").public.hex()},
            "witnesses": [
                {"name": name, "operator": operator, "key": key(f"witness {name}").public.hex()}
                for name, operator in WITNESSES.items()
            ],
            "quorum": QUORUM,
            "beacons": [one.policy() for one in self.beacons.values()],
            "gateways": {"voice": key("voice").public.hex()},
            "max_lead_s": 7_200,
            "max_clock_s": 60,
            "max_skips": self.scenario.max_skips,
            "attempts": 2,
            "answer_s": ANSWER_S,
            "packs": [h("pack").hex()],
        }

    def make(self):
        self.make_pool()
        self.prepare_ledger()
        self.make_commit()
        self.make_seed()
        self.make_panel()
        self.make_transcript()

    # the ledger

    def append(self, kind, body, subject=None, after=5):
        """Add an entry some seconds later. Returns its index, or None when the cheat leaves it out."""
        self.now += after
        entry = self.edit("entry", {"at": self.now, "kind": kind, "subject": subject or self.draw_id, "body": body})
        if entry["kind"] is None:
            return None
        return self.ledger.append(entry["at"], entry["kind"], entry["subject"], entry["body"])

    def use_links(self):
        """The next link of every party."""
        found = []
        for party in self.parties:
            label, index = self.used_links[party]
            self.used_links[party] = (label, index + 1)
            found.append({"party": party, "tip": links(label)[0].hex(), "index": index + 1})
        return found

    def prepare_ledger(self):
        """Register the chains, let other draws use some links, and hold the previous attempts of this lot."""
        for party in self.parties:
            self.used_links[party] = (f"chain {party}", 0)
            chain = {"party": party, "tip": links(f"chain {party}")[0].hex(), "length": CHAIN_LENGTH, "index": 0}
            self.append("draws/chain-registered", chain | {"key": key(party).public.hex()}, subject=party)
        for number in range(self.scenario.others):
            self.append_foreign(f"other-{number}", f"other-lot-{number}", 1)
        self.previous = [
            self.append_foreign(f"attempt-{number}", self.lot, number)
            for number in range(1, self.scenario.previous + 1)
        ]

    def append_foreign(self, draw, lot, attempt):
        digest = h("test-commit", draw.encode(), lot.encode())
        body = {
            "commit": digest.hex(),
            "subject": lot,
            "attempt": attempt,
            "policy": h("policy", canonical(self.policy)).hex(),
            "centre": key("centre").sign("commit", digest),
            "supervisor": key("supervisor").sign("commit", digest),
            "links": self.use_links(),
        }
        self.append("draws/committed", body, subject=draw)
        return digest.hex()

    def stamp(self, number):
        """A checkpoint over everything so far; its proof of consistency is made in the end."""
        times = dict.fromkeys(WITNESSES, self.now + 2)
        size = len(self.ledger.texts)
        note = self.ledger.checkpoint(size, self.edit("cosign", times, number))
        return {"checkpoint": self.edit("checkpoint", note, number), "consistency": size}

    def plan(self):
        plan = []
        for number, level in enumerate(self.scenario.levels):
            if level == "parties":
                plan.append({"level": level, "chain": None, "round": None, "deadline": None})
                continue
            at = (self.now // 3600 + 1 + number) * 3600
            item = {"level": level, "chain": self.beacons[level].chain, "round": round_at(at)}
            plan.append(item | {"deadline": instant(at + 300)})
        return plan

    # commitment and seed

    def make_commit(self):
        self.now = START
        leaves = [h("leaf", canonical(leaf)) for leaf in self.leaves]
        counts = self.scenario.counts
        sizes = [sum(block[0] for block in one["blocks"]) for one in self.lottery["classes"]]
        public = self.beacons["public"]
        self.body = {
            "protocol": "XD-1",
            "suite": "intl",
            "policy": h("policy", canonical(self.policy)).hex(),
            "draw": self.draw_id,
            "subject": self.lot,
            "request": {
                "quotas": [
                    {"quota_id": f"q{number}", "speciality": f"A0{number}", "count": count}
                    for number, count in enumerate(counts)
                ],
                "pack_hash": h("pack").hex(),
                "avoid": ["某公司"],
            },
            "pool": {
                "size": len(leaves),
                "eligible": self.eligible,
                "root": root_of(leaves, pool_node).hex(),
            },
            "eligible": [
                sum(size for one, size in zip(self.lottery["classes"], sizes, strict=True) if quota in one["quotas"])
                for quota in range(len(counts))
            ],
            "excluded": {"shown": [], "merged": None},
            "standing": "standing 7",
            "lottery": h("lottery", canonical(self.lottery)).hex(),
            "parties": self.use_links(),
            "latest": public.sign(round_at(self.now)) if self.scenario.latest else None,
            "plan": self.plan(),
            "committed_at": instant(self.now + 0.25),
            "attempt": len(self.previous) + 1,
            "previous": self.previous,
            "replacement": self.scenario.replacement,
            "alternates": [2 if self.scenario.replacement == "next_in_order" else 0] * len(self.scenario.counts),
        }
        self.body = self.edit("body", self.body)
        self.digest = h("commit", canonical(self.body))
        self.signatures = self.edit(
            "signatures", {name: key(name).sign("commit", self.digest) for name in ("centre", "supervisor")}
        )
        body = {name: self.body[name] for name in ("subject", "attempt", "policy")}
        body |= {"commit": self.digest.hex(), "links": self.body["parties"], **self.signatures}
        self.commit_index = self.append("draws/committed", self.edit("committed", body), after=1)
        self.commit_stamp = self.stamp(0)

    def reveal(self, parties, plan, start, number):
        """Wait for the level in use. Returns the part of a seed that all seeds share, and its parts for the digest."""
        for item, following in list(pairwise(plan))[: self.scenario.used]:
            out = GENESIS + (item["round"] - 1) * PERIOD_S + 300
            self.now = max(self.now, out)
            self.append("draws/fallback", {"from": item["level"], "to": following["level"]})
        item = plan[self.scenario.used]
        known = {one["party"]: links(self.used_links[one["party"]][0])[one["index"]].hex() for one in parties}
        part = {"links": known, "escrowed": list(self.scenario.escrowed), "level": item["level"], "beacon": None}
        if item["chain"]:
            self.now = max(self.now, GENESIS + (item["round"] - 1) * PERIOD_S)
            part["beacon"] = self.beacons[item["level"]].sign(item["round"])
        part = self.edit("part", part, number)
        ends = [part["level"].encode(), b"", b"", b""]
        if part["beacon"]:
            used = part["beacon"]
            randomness = hashlib.sha256(bytes.fromhex(used["signature"])).digest()
            ends = [part["level"].encode(), bytes.fromhex(used["chain"]), u64(used["round"]), randomness]
        value = h(*start, *(bytes.fromhex(part["links"].get(one["party"], "")) for one in parties), *ends)
        return part | {"value": self.edit("value", value.hex(), number)}

    def make_seed(self):
        self.seed = self.reveal(self.body["parties"], self.body["plan"], ("seed", self.digest), 0)
        self.append("draws/drawn", {"commit": self.digest.hex(), "seed": self.seed["value"]})

    # the panel

    def make_panel(self):
        drawn, words = self.drawing.first(bytes.fromhex(self.seed["value"]))
        self.drawn = self.edit("drawn", drawn)
        each, quotas = self.body["alternates"], len(self.scenario.counts)
        self.alternates = self.edit("alternates", self.drawing.alternates(words, drawn, quotas, each))
        self.reserve = list(self.alternates)
        self.everybody = []
        self.script = list(self.scenario.outcomes)
        self.skips = 0
        self.seat(0, [[seat, *place] for seat, place in enumerate(self.drawn)])
        self.state = "complete"
        while vacated := [seat for seat, one in sorted(self.seats.items()) if one["outcome"] != "confirmed"]:
            if self.skips > self.scenario.max_skips:
                self.append("draws/voided", {"commit": self.digest.hex(), "skips": self.skips})
                self.state = "void"
                break
            self.replace(vacated)

    def seat(self, number, rows):
        """Invite the drawn and hear what they say."""
        for seat, quota, position in rows:
            self.everybody.append(position)
            person = {"number": number, "seat": seat, "position": position}
            code = f"{number}-{seat}-{self.random.randrange(10**8):08}"
            self.codes[number, seat] = code
            self.append("draws/invited", person | {"code": hashlib.sha256(code.encode()).hexdigest()})
            self.seats[seat] = person | {"quota": quota}
        for seat, _, _ in rows:
            kind = self.script.pop(0) if self.script else "accepted"
            one = self.seats[seat]
            one |= self.hear({name: one[name] for name in ("number", "seat", "position")}, kind)
            self.outcomes.append({name: value for name, value in one.items() if name != "quota"})
            self.skips += one["outcome"] != "confirmed"

    def hear(self, person, kind):
        """Write what a person said. Returns outcome, entry and evidence."""
        code = {"code": self.codes[person["number"], person["seat"]]}
        if kind == "accepted":
            entry = self.append("draws/accepted", person)
            return self.edit("outcome", {"outcome": "confirmed", "entry": entry, "evidence": code}, person)
        outcome, by_call, _ = kind.partition("-by-call")
        if outcome in ("withdrawn", *SUPERVISED):
            self.append("draws/accepted", person)
        evidence = code
        if by_call:
            evidence = self.recorded(person, outcome)
        elif outcome == "no-answer":
            evidence = None
            for attempt in (1, 2):
                self.append(
                    "draws/attempted", person | {"attempt": attempt, "result": "no answer"}, after=ANSWER_S // 2
                )
        elif outcome in SUPERVISED:
            evidence = {"supervisor": self.confirmed_by(key("supervisor"), person, outcome)}
        entry = self.append(f"draws/{outcome}", person)
        return self.edit("outcome", {"outcome": outcome, "entry": entry, "evidence": evidence}, person)

    def confirmed_by(self, signer, person, outcome):
        numbers = [u64(person[name]) for name in ("number", "seat", "position")]
        return signer.sign("outcome", h("outcome", self.digest, *numbers, outcome.encode()))

    def recorded(self, person, kind, signer="voice", **changes):
        """A call record of a gateway."""
        record = {"at": instant(self.now), "draw": self.draw_id, "outcome": kind, **person, **changes}
        text = canonical(record)
        signature = key(signer).sign("gateway", h("record", text))
        return {"gateway": "voice", "record": text.decode(), "signature": signature}

    def replace(self, vacated):
        number = len(self.replacements) + 1
        if self.scenario.replacement == "next_in_order":
            item, drawn = self.replace_in_order(number, vacated)
        else:
            item, drawn = self.replace_freshly(number, vacated)
        drawn = self.edit("replacement", drawn, number)
        self.append("draws/replaced", {"number": number, "seed": item["value"]})
        self.replacements.append(item | {"number": number, "seats": vacated, "drawn": drawn})
        self.seat(number, drawn)

    def replace_freshly(self, number, vacated):
        body = {"number": number, "seats": vacated, "links": self.use_links(), "plan": self.plan()}
        body = self.edit("vacated", body, number)
        entry = self.append("draws/vacated", body)
        stamp = self.stamp(number)
        start = ("replace", bytes.fromhex(self.seed["value"]), u64(number))
        part = self.reveal(body["links"], body["plan"], self.edit("start", start, number), number)
        seated = {seat: (one["quota"], one["position"]) for seat, one in self.seats.items() if seat not in vacated}
        gone = [position for position in self.everybody if position not in [place[1] for place in seated.values()]]
        quotas = {seat: self.seats[seat]["quota"] for seat in vacated}
        drawn = self.drawing.again(bytes.fromhex(part["value"]), seated, gone, quotas)
        return part | {"entry": entry, "stamp": stamp}, drawn

    def replace_in_order(self, number, vacated):
        entry = self.append("draws/vacated", {"number": number, "seats": vacated, "links": [], "plan": []})
        sitting = [one["position"] for seat, one in self.seats.items() if seat not in vacated]
        drawn = []
        for seat in vacated:
            while True:
                one = next((one for one in self.reserve if one[0] == self.seats[seat]["quota"]), None)
                if one is None:
                    raise StuckError
                self.reserve.remove(one)
                if self.may_sit(one[1], sitting):
                    break
            sitting.append(one[1])
            drawn.append([seat, *one])
        nothing = dict.fromkeys(("stamp", "links", "level", "beacon", "value"))
        return nothing | {"escrowed": [], "entry": entry}, drawn

    def may_sit(self, position, sitting):
        most = self.lottery["unit_max"]
        alike = sum(self.units[one] == self.units[position] for one in sitting)
        edges = [sorted((position, one)) for one in sitting]
        return (not most or alike < most) and not any(edge in self.lottery["edges"] for edge in edges)

    # the transcript

    def close(self):
        """The closing checkpoint, with the proof from every earlier one to it."""
        self.edit("close", None)
        size = len(self.ledger.texts)
        leaves = self.ledger.leaves(size)
        for stamp in [self.commit_stamp, *(item["stamp"] for item in self.replacements)]:
            if stamp:
                stamp["consistency"] = hexes(consistency(stamp["consistency"], leaves))
        times = self.edit("cosign", dict.fromkeys(WITNESSES, self.now + 9), None)
        return self.edit("checkpoint", self.ledger.checkpoint(size, times), None)

    def opening(self, position):
        leaves = [h("leaf", canonical(leaf)) for leaf in self.leaves]
        return [position, deepcopy(self.leaves[position]), hexes(inclusion(position, leaves, pool_node))]

    def make_transcript(self):
        close = self.close()
        ledger = self.ledger.leaves(len(self.ledger.texts))
        holders = sorted((seat, one["quota"], one["position"]) for seat, one in self.seats.items())
        panel = [list(holder) for holder in holders] if self.state == "complete" else []
        self.names_of = [[place, *self.names[self.leaves[place][5]]] for place in sorted(row[2] for row in panel)]
        shown = [list(row) for row in self.names_of]
        self.transcript = {
            "protocol": "XD-1",
            "commit": self.body,
            "signatures": self.signatures,
            "lottery": self.lottery,
            "stamp": self.commit_stamp,
            "seed": self.seed,
            "drawn": self.drawn,
            "alternates": self.alternates,
            "outcomes": sorted(self.outcomes, key=lambda one: (one["number"], one["seat"])),
            "replacements": self.replacements,
            "openings": [self.opening(position) for position in sorted(self.drawing.touched)],
            "entries": [
                [text.decode(), hexes(inclusion(index, ledger, ledger_node))]
                for index, text in enumerate(self.ledger.texts)
            ],
            "close": close,
            "result": {"state": self.state, "panel": panel},
            "names": shown,
        }
        self.transcript = self.edit("transcript", deepcopy(self.transcript))
        self.transcript.pop("digest", None)
        self.transcript["digest"] = h("transcript", canonical(self.transcript)).hex()

    @property
    def files(self):
        """Transcript and policy as bytes."""
        return canonical(self.transcript), canonical(self.policy)


def make(scenario, **edits):
    """Make a draw with edits by step."""
    return Maker(replace(scenario, edits=edits))


def make_random(number):
    """An honest draw of any kind; where its script leaves nobody to draw, the next script is taken."""
    for again in range(50):
        try:
            return Maker(random_scenario(number if not again else f"{number}.{again}"))
        except StuckError:
            continue
    raise AssertionError
