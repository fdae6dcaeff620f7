"""The catalogue of cheats, first part: time, commitment, pool, order, outcomes. Each names the rule that must fail."""

from dataclasses import dataclass

from tests.scheduling.transcripts.edits import (
    body_of,
    entries,
    flipped,
    left_out,
    on,
    other_pool,
    other_seat,
    put,
    resigned,
)
from tests.scheduling.transcripts.maker import START
from tests.scheduling.transcripts.scenarios import Scenario
from tests.scheduling.transcripts.world import beacon, canonical, h, instant, key, round_at

PLAIN_STORY = Scenario("plain story", outcomes=("declined",), others=1)


@dataclass(frozen=True)
class Cheat:
    """One variant: what is done, in which kind of draw, and the rule that names it."""

    name: str
    rule: str
    edits: dict
    scenario: Scenario = PLAIN_STORY
    published: tuple[str, ...] = ()


def late_witnesses(**late):
    """Some witnesses see the commitment only some seconds after it."""
    return on(0, lambda maker, times: {name: second + late.get(name, 0) for name, second in times.items()})


def entry_at(shift):
    def change(maker, entry):
        maker.now += max(shift, 0)
        return entry | {"at": entry["at"] + shift}

    return entries("draws/committed", change)


def committed_at(shift):
    return put("committed_at", instant(START + shift))


HOUR = dict.fromkeys(("w1", "w2", "w3", "w4"), 3600)

COMMIT_AFTER_ROUND = [
    Cheat("the round of the plan came out just before", "XD-09", {"body": put("plan", 0, "round", round_at(START))}),
    Cheat("the round is a day old", "XD-09", {"body": put("plan", 0, "round", round_at(START - 86_400))}),
    Cheat("the round is the first of its chain", "XD-09", {"body": put("plan", 0, "round", 1)}),
    Cheat("the round of the second level is out", "XD-09", {"body": put("plan", 1, "round", round_at(START - 60))}),
    Cheat("all witnesses see it after the round", "XD-09", {"cosign": late_witnesses(**HOUR)}),
    Cheat("one operator saw it before the round", "XD-09", {"cosign": late_witnesses(w2=3600, w3=3600, w4=3600)}),
    Cheat("the centre's own witness makes the quorum", "XD-09", {"cosign": late_witnesses(w1=3600, w2=3600)}),
    Cheat("the witnesses sign at the very round", "XD-09", {"cosign": late_witnesses(w1=3597, w2=3597, w3=3597)}),
    Cheat("entry after the round, body before", "XD-09", {"entry": entry_at(3600)}),
    Cheat("entry at the very round", "XD-09", {"entry": entry_at(3599)}),
    Cheat("body a microsecond after the round", "XD-09", {"body": committed_at(3600.000001)}),
    Cheat("the round is chosen far ahead", "XD-09", {"body": put("plan", 0, "round", round_at(START + 86_400))}),
]


def latest(seconds, **changes):
    return put("latest", lambda _: beacon("public", "public").sign(round_at(seconds)) | changes)


FOREIGN = beacon("public", "foreign")
ELSEWHERE = FOREIGN.sign(round_at(START))

BACK_DATED = [
    Cheat("the body is dated two hours back", "XD-10", {"body": committed_at(-7200)}),
    Cheat("the body is dated a minute and a half back", "XD-10", {"body": committed_at(-90)}),
    Cheat("the body is dated ahead", "XD-10", {"body": committed_at(120)}),
    Cheat("the log dates the entry two hours back", "XD-10", {"entry": entry_at(-7200)}),
    Cheat(
        "body and entry are dated a day back and the witnesses are not",
        "XD-10",
        {"body": committed_at(-86_000), "entry": entry_at(-86_000)},
    ),
    Cheat("one operator agrees about the time", "XD-10", {"cosign": late_witnesses(w2=100, w3=100, w4=100)}),
    Cheat("it knows a round of the future", "XD-10", {"body": latest(START + 120)}),
    Cheat("it knows only an old round", "XD-10", {"body": latest(START - 86_400)}),
    Cheat(
        "its known round carries the signature of the one before",
        "XD-10",
        {"body": latest(START, signature=beacon("public", "public").sign(round_at(START - 60))["signature"])},
    ),
    Cheat("its known round has an invented signature", "XD-10", {"body": latest(START, signature="8a" + "11" * 47)}),
    Cheat("its known round is of an unknown chain", "XD-10", {"body": put("latest", ELSEWHERE)}),
    Cheat(
        "its known round was signed by another key", "XD-10", {"body": latest(START, signature=ELSEWHERE["signature"])}
    ),
    Cheat(
        "the ledger runs ahead of the witnesses in the end",
        "XD-10",
        {"cosign": on(None, lambda maker, times: dict.fromkeys(times, maker.now - 3600))},
    ),
]


def friend(maker, leaves):
    position = maker.drawn[0][1]
    leaves[position][0] = h("friend").hex()


def changed_lottery(maker, transcript):
    transcript["lottery"]["templates"][0][0] += 1
    transcript["commit"]["lottery"] = h("lottery", canonical(transcript["lottery"])).hex()


def signed_alone(maker, signatures, number):
    signatures["supervisor"] = key("centre").sign("commit", maker.digest)


def of_commit(*path):
    return {"transcript": resigned(put("commit", *path))}


POOL_CHANGED = [
    Cheat("a friend's leaf in the pool", "XD-06", {"transcript": resigned(other_pool(friend))}),
    Cheat(
        "one more excluded leaf",
        "XD-06",
        {"transcript": resigned(other_pool(lambda maker, leaves: leaves.append(leaves[-1])))},
    ),
    Cheat("another lottery with its hash", "XD-06", {"transcript": resigned(changed_lottery)}),
    Cheat(
        "another lottery under the old hash", "XD-06", {"transcript": resigned(put("lottery", "templates", 0, 0, 977))}
    ),
    Cheat("another version of the standings", "XD-06", of_commit("standing", "standing 8")),
    Cheat("a shorter list of organisations to avoid", "XD-06", of_commit("request", "avoid", [])),
    Cheat("other numbers of the excluded", "XD-06", of_commit("excluded", {"shown": [["C07", 1]], "merged": None})),
    Cheat("another round", "XD-06", of_commit("plan", 0, "round", lambda old: old + 1)),
    Cheat("no known round any more", "XD-06", of_commit("latest", None)),
    Cheat("another instant", "XD-06", of_commit("committed_at", instant(START + 1))),
    Cheat("a party less", "XD-06", of_commit("parties", lambda old: old[:2])),
    Cheat("the centre signs for the supervisor", "XD-06", {"signatures": signed_alone}),
    Cheat("the entry holds another digest", "XD-06", {"committed": put("commit", lambda old: flipped(old))}),
    Cheat(
        "the supervisor's signature is of another draw",
        "XD-06",
        {"signatures": put("supervisor", key("supervisor").sign("commit", h("x")))},
    ),
]


def opening(change):
    """Change an opening of the first seat: position, leaf and proof."""

    def edit(maker, transcript, number):
        row = next(row for row in transcript["openings"] if row[0] == maker.drawn[0][1])
        change(maker, row)

    return {"transcript": edit}


def leaf_part(place, new):
    return opening(lambda maker, row: put(1, place, new)(maker, row))


def exchange(maker, row):
    other = maker.opening(row[0] + 1)
    row[1:] = other[1:]


def all_eligible(change):
    def edit(maker, leaves, number):
        for leaf in leaves[: maker.eligible]:
            change(leaf)

    return {"leaves": edit}


def in_wrong_class(leaf):
    leaf[2] = (leaf[2] + 1) % 2


def in_wrong_block(leaf):
    leaf[3] = 1 - leaf[3]


MOVED_INDEX = [
    Cheat("the neighbour's leaf and proof", "XD-11", opening(exchange)),
    Cheat(
        "the neighbour's leaf under the own proof",
        "XD-11",
        opening(lambda m, row: put(1, m.leaves[row[0] + 1])(m, row)),
    ),
    Cheat("another person", "XD-11", leaf_part(0, flipped)),
    Cheat("another salt", "XD-11", leaf_part(1, flipped)),
    Cheat("another employer", "XD-11", leaf_part(4, flipped)),
    Cheat("another name", "XD-11", leaf_part(5, flipped)),
    Cheat("a shorter proof", "XD-11", opening(lambda m, row: row[2].pop())),
    Cheat("a longer proof", "XD-11", opening(lambda m, row: row[2].append("00" * 32))),
    Cheat("siblings exchanged", "XD-11", opening(lambda m, row: row[2].reverse())),
    Cheat("committed in a wrong class", "XD-12", all_eligible(in_wrong_class)),
    Cheat("committed in a wrong block", "XD-12", all_eligible(in_wrong_block)),
    Cheat("committed among the eligible with a ground", "XD-12", all_eligible(lambda leaf: leaf[6].append("C01"))),
    Cheat(
        "committed as one person at all positions", "XD-12", all_eligible(lambda leaf: put(0, "ab" * 32)(None, leaf))
    ),
]


def swap_first(maker, drawn, number):
    drawn[0], drawn[-1] = drawn[-1], drawn[0]


def not_opened(maker, transcript, number):
    transcript["openings"] = [row for row in transcript["openings"] if row[0] != maker.drawn[0][1]]


def drop_outcome(index):
    return {"transcript": lambda maker, transcript, number: transcript["outcomes"].pop(index) and None}


IN_ORDER = Scenario("in order", replacement="next_in_order", outcomes=("declined", "accepted"))

SKIPPED = [
    Cheat("the first was skipped", "XD-18", {"drawn": other_seat(0)}),
    Cheat("the last was skipped", "XD-18", {"drawn": other_seat(-1)}),
    Cheat("the second was skipped twice", "XD-18", {"drawn": other_seat(1, 2)}),
    Cheat("two seats were exchanged", "XD-18", {"drawn": swap_first}),
    Cheat("a drawn one is not opened", "XD-18", {"transcript": not_opened}),
    Cheat("the first alternate was skipped", "XD-18", {"alternates": other_seat(0)}, IN_ORDER),
    Cheat("alternates were exchanged", "XD-18", {"alternates": swap_first}, IN_ORDER),
    Cheat("an alternate was left out", "XD-18", {"alternates": lambda maker, rows, number: rows[:-1]}, IN_ORDER),
    Cheat("the declined is not told of", "XD-19", drop_outcome(0)),
    Cheat("a member's outcome is not told", "XD-19", drop_outcome(1)),
    Cheat(
        "the outcome is of another position",
        "XD-19",
        {"transcript": put("outcomes", 0, "position", lambda old: old - 1 if old else 1)},
    ),
    Cheat("nobody was invited", "XD-19", {"entry": entries("draws/invited", left_out)}),
    Cheat(
        "another one was invited",
        "XD-19",
        {"entry": entries("draws/invited", body_of(position=lambda old: old - 1 if old else 1))},
    ),
    Cheat("the decline is told as a withdrawal", "XD-19", {"transcript": put("outcomes", 0, "outcome", "withdrawn")}),
    Cheat(
        "the outcome points at another entry", "XD-19", {"transcript": put("outcomes", 0, "entry", lambda old: old - 1)}
    ),
]


def evidence(new):
    """Another evidence of the first outcome."""

    def edit(maker, value, person):
        if (person["number"], person["seat"]) == (0, 0):
            value["evidence"] = new(maker, person, value["outcome"])

    return {"outcome": edit}


def hurried(maker, entry):
    maker.now -= 290
    return entry | {"at": maker.now}


def told(kind):
    return Scenario(f"told {kind}", outcomes=(kind,))


def record(signer="voice", **changes):
    return evidence(lambda maker, person, outcome: maker.recorded(person, outcome, signer, **changes))


def supervised(signer="supervisor", outcome=None, **changes):
    return evidence(
        lambda maker, person, kind: {
            "supervisor": maker.confirmed_by(key(signer), {**person, **changes}, outcome or kind)
        }
    )


FORGED_DECLINE = [
    Cheat("an invented code", "XD-20", evidence(lambda *_: {"code": "0-0-12345678"})),
    Cheat("the code of another seat", "XD-20", evidence(lambda maker, *_: {"code": maker.codes[0, 1]})),
    Cheat("no evidence", "XD-20", evidence(lambda *_: None)),
    Cheat("a record signed by the centre", "XD-20", record("centre"), told("declined-by-call")),
    Cheat("a record of another seat", "XD-20", record(seat=1), told("declined-by-call")),
    Cheat("a record of another draw", "XD-20", record(draw="draw-0"), told("declined-by-call")),
    Cheat("a record of another outcome", "XD-20", record(outcome="accepted"), told("declined-by-call")),
    Cheat("a record from before the invitation", "XD-20", record(at=instant(START)), told("declined-by-call")),
    Cheat(
        "a record of an unpinned gateway",
        "XD-20",
        evidence(lambda maker, person, kind: maker.recorded(person, kind, "mine") | {"gateway": "mine"}),
        told("declined-by-call"),
    ),
    Cheat("no attempt at all", "XD-20", {"entry": entries("draws/attempted", left_out)}, told("no-answer")),
    Cheat("one attempt twice", "XD-20", {"entry": entries("draws/attempted", body_of(attempt=1))}, told("no-answer")),
    Cheat("too little time", "XD-20", {"entry": entries("draws/attempted", hurried)}, told("no-answer")),
    Cheat(
        "a no-answer by the code", "XD-20", evidence(lambda maker, *_: {"code": maker.codes[0, 0]}), told("no-answer")
    ),
    Cheat("the centre confirms a conflict", "XD-20", supervised("centre"), told("conflict")),
    Cheat("the supervisor confirmed another outcome", "XD-20", supervised(outcome="unwell"), told("absent")),
    Cheat("the supervisor confirmed it of another", "XD-20", supervised(position=99), told("misconduct")),
    Cheat("the supervisor cannot decline for an expert", "XD-20", supervised(), told("declined")),
]
