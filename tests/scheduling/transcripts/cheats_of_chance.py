"""The catalogue of cheats, second part: attempts, seed, links, parties, replacements, ledger, parameters."""

from tests.scheduling.transcripts.cheats import (
    BACK_DATED,
    COMMIT_AFTER_ROUND,
    FOREIGN,
    FORGED_DECLINE,
    MOVED_INDEX,
    POOL_CHANGED,
    SKIPPED,
    Cheat,
)
from tests.scheduling.transcripts.edits import (
    body_of,
    entries,
    flipped,
    left_out,
    on,
    other_seat,
    put,
    twice,
    without_entries,
)
from tests.scheduling.transcripts.maker import START, WITNESSES
from tests.scheduling.transcripts.scenarios import Scenario
from tests.scheduling.transcripts.world import (
    CHAIN_LENGTH,
    ORIGIN,
    canonical,
    h,
    key,
    ledger_node,
    links,
    root_of,
    round_at,
)

THIRD = Scenario("third attempt", previous=2)


def attempts(number, previous):
    """State another number of the attempt and other previous ones."""

    def edit(maker, body, at):
        body["attempt"], body["previous"] = number, previous(body["previous"])

    return {"body": edit}


def of_attempt(number):
    return without_entries(lambda maker, text: f"attempt-{number}" in text)


def one_more_attempt(maker, value, number):
    maker.append_foreign("attempt-later", maker.lot, 4)


def attempt_entries(change):
    return {"entry": entries("draws/committed", change, own=False)}


def renumbered(maker, entry):
    return body_of(attempt=7)(maker, entry) if entry["subject"] == "attempt-2" else None


HIDDEN = h("test-commit", b"attempt-1", b"lot-third attempt").hex()
HIDDEN_DRAW = [
    Cheat("it says to be the first attempt", "XD-13", attempts(1, lambda _: []), THIRD),
    Cheat("the first attempt is not told of", "XD-13", attempts(2, lambda old: old[1:]), THIRD),
    Cheat("the last attempt is not told of", "XD-13", attempts(2, lambda old: old[:1]), THIRD),
    Cheat("the number is too low", "XD-13", attempts(1, lambda old: old), THIRD),
    Cheat("the number is too high", "XD-13", attempts(4, lambda old: old), THIRD),
    Cheat("the attempts are told in another order", "XD-13", attempts(3, lambda old: old[::-1]), THIRD),
    Cheat("an attempt is told twice in place of another", "XD-13", attempts(3, lambda old: old[:1] * 2), THIRD),
    Cheat("an attempt is invented", "XD-13", attempts(3, lambda old: [h("none").hex(), old[1]]), THIRD),
    Cheat("the entry of an attempt is left out", "XD-13", {"transcript": of_attempt(1)}, THIRD),
    Cheat(
        "an attempt is told nowhere and was published",
        "XD-13",
        attempts(2, lambda old: old[1:]) | {"transcript": of_attempt(1)},
        THIRD,
        (HIDDEN,),
    ),
    Cheat("a later attempt stands in the ledger", "XD-13", {"close": one_more_attempt}, THIRD),
    Cheat("an entry gives an attempt another number", "XD-13", attempt_entries(renumbered), THIRD),
]


def first_part(change):
    """Change links, level or beacon of the seed."""
    return {"part": on(0, change)}


def round_of(chain, step=0, **changes):
    """A genuine round of a chain in place of that of the plan."""

    def change(maker, part):
        number = part["beacon"]["round"] + step
        part["beacon"] = maker.beacons[chain].sign(number) | changes if chain else FOREIGN.sign(number) | changes

    return first_part(change)


def foreign_signature(maker, part):
    part["beacon"]["signature"] = FOREIGN.sign(part["beacon"]["round"])["signature"]


def parties_alone(maker, part):
    part["level"], part["beacon"] = "parties", None


def at_level(level):
    return first_part(lambda maker, part: put("level", level)(maker, part))


def too_early(maker, entry):
    maker.now -= 600
    return entry | {"at": maker.now}


FALLEN = Scenario("fallen back", used=1)
DEEP = Scenario("fallen back twice", used=2, hubs=2)

OTHER_ROUND = [
    Cheat("the next round", "XD-16", round_of("public", 1)),
    Cheat("the round before", "XD-16", round_of("public", -1)),
    Cheat("the same round of the other chain", "XD-16", round_of("federated")),
    Cheat("a round of a chain of the own", "XD-16", round_of(None)),
    Cheat("an own signature under the name of the chain", "XD-16", first_part(foreign_signature)),
    Cheat(
        "an invented signature",
        "XD-16",
        first_part(lambda maker, part: put("beacon", "signature", lambda old: flipped(old))(maker, part)),
    ),
    Cheat("no beacon at all", "XD-16", first_part(lambda maker, part: put("beacon", None)(maker, part))),
    Cheat("the parties alone, without an entry", "XD-16", first_part(parties_alone)),
    Cheat("another level named", "XD-16", at_level("federated")),
    Cheat("fallen back without an entry", "XD-16", {"entry": entries("draws/fallback", left_out)}, FALLEN),
    Cheat("fallen back too early", "XD-16", {"entry": entries("draws/fallback", too_early)}, FALLEN),
    Cheat("fallen back over a level", "XD-16", {"entry": entries("draws/fallback", body_of(to="parties"))}, DEEP),
    Cheat("a previous signature where the scheme has none", "XD-16", round_of("public", 0, previous="ab" * 48)),
    Cheat("a seed of choice", "XD-17", {"value": on(0, lambda maker, value: flipped(value))}),
    Cheat("another seed in the ledger", "XD-17", {"entry": entries("draws/drawn", body_of(seed=flipped))}),
    Cheat("two seeds in the ledger", "XD-17", {"entry": entries("draws/drawn", twice(seed="ab" * 32))}),
    Cheat("no seed in the ledger", "XD-17", {"entry": entries("draws/drawn", left_out)}),
]


def link_of(party, step, chain=None):
    """Open another link for a party."""

    def change(maker, part):
        label, index = maker.used_links[party]
        part["links"][party] = links(chain or label)[index + step].hex()

    return first_part(change)


def index_of(party, step):
    """Commit to another index of a chain, and open that link."""

    def edit(maker, body, number):
        place = maker.parties.index(party)
        body["parties"][place]["index"] += step

    return {"body": edit}


def exchanged(maker, part):
    own = part["links"]
    own["centre"], own["supervisor"] = own["supervisor"], own["centre"]


def other_chain(maker, body, number):
    label = "chain prepared"
    maker.used_links["centre"] = (label, 1)
    body["parties"][0] = {"party": "centre", "tip": links(label)[0].hex(), "index": 1}


def registered(subject, **changes):
    def change(maker, entry):
        return body_of(**changes)(maker, entry) if entry["subject"] == subject else None

    return {"entry": entries("draws/chain-registered", change, own=False)}


def is_registered(maker, text):
    return '"draws/chain-registered"' in text and '"party":"centre"' in text


FRESH_CHAINS = Scenario("fresh chains", others=0)
WRONG_LINK = [
    Cheat("the next link of the centre", "XD-15", link_of("centre", 1)),
    Cheat("the link before of the supervisor", "XD-15", link_of("supervisor", -1)),
    Cheat("the last link of the hub", "XD-15", link_of("hub1", CHAIN_LENGTH - 4)),
    Cheat("a link of a chain that was prepared", "XD-15", link_of("centre", 0, "chain prepared")),
    Cheat("links of two parties exchanged", "XD-15", first_part(exchanged)),
    Cheat("the index skips a link", "XD-15", index_of("supervisor", 1)),
    Cheat("the index uses a link again", "XD-15", index_of("centre", -1)),
    Cheat("a chain that was never registered", "XD-15", {"body": other_chain}),
    Cheat(
        "a chain registered with another key", "XD-15", registered("centre", key=key("hub1").public.hex()), FRESH_CHAINS
    ),
    Cheat("a chain registered by another party", "XD-15", registered("hub1", party="hub2"), FRESH_CHAINS),
    Cheat("the registration is left out", "XD-15", {"transcript": without_entries(is_registered)}, FRESH_CHAINS),
    Cheat("a link is missing", "XD-15", first_part(lambda maker, part: part["links"].pop("hub1") and None)),
    Cheat("a link of nobody", "XD-15", first_part(lambda maker, part: put("links", "hub9", "ab" * 32)(maker, part))),
    Cheat("escrow of nobody", "XD-15", first_part(lambda maker, part: put("escrowed", ["hub9"])(maker, part))),
]


def parties(*names, **changes):
    def edit(maker, policy, number):
        maker.parties = list(names)
        policy.update(changes)

    return {"policy": edit}


ALONE = Scenario("parties alone", levels=("parties",), hubs=1)
FEWER_PARTIES = [
    Cheat("only the centre", "XD-14", parties("centre")),
    Cheat("only the supervisor", "XD-14", parties("supervisor")),
    Cheat("a hub in place of the supervisor", "XD-14", parties("centre", "hub1")),
    Cheat("hubs in place of the centre", "XD-14", parties("supervisor", "hub1", "hub2")),
    Cheat("two parties without a beacon", "XD-14", parties("centre", "supervisor"), ALONE),
    Cheat("three where four are asked for", "XD-14", parties("centre", "supervisor", "hub1", min_parties=4)),
    Cheat(
        "three without a beacon where four are asked for",
        "XD-14",
        parties("centre", "supervisor", "hub1", min_parties_alone=4),
        ALONE,
    ),
    Cheat("a party without a pinned key", "XD-14", parties("centre", "supervisor", "ghost")),
    Cheat("a party without a pinned key makes the number", "XD-14", parties("centre", "supervisor", "zero"), ALONE),
    Cheat("the supervisor first", "XD-14", parties("supervisor", "centre", "hub1")),
    Cheat("the hubs in another order", "XD-14", parties("centre", "supervisor", "hub2", "hub1")),
    Cheat("one party twice", "XD-14", parties("centre", "supervisor", "centre"), ALONE),
]

TWICE = Scenario("two replacements", outcomes=("declined", "accepted", "accepted", "declined"))


def start(number):
    return {"start": lambda maker, value, at: ("replace", value[1], number.to_bytes(8, "big"))}


def number_of(index, number):
    return {"transcript": put("replacements", index, "number", number)}


def vacated(**changes):
    return {"entry": entries("draws/vacated", body_of(**changes))}


def replaced(**changes):
    return {"entry": entries("draws/replaced", body_of(**changes))}


def in_second(change):
    return lambda maker, value, number: change(maker, value) if number == 2 else None


def stale_links(maker, body):
    for link in body["links"]:
        link["index"] -= 1


COUNTER = [
    Cheat("the number is skipped", "XD-21", number_of(0, 2)),
    Cheat("the number is used again", "XD-21", number_of(1, 1), TWICE),
    Cheat("the seed counts from two", "XD-21", start(2)),
    Cheat("the seed counts from nought", "XD-21", start(0)),
    Cheat("the entry has another number", "XD-21", vacated(number=2)),
    Cheat("the second entry has the first number", "XD-21", {"vacated": in_second(put("number", 1))}, TWICE),
    Cheat("the second seed stands under the first number", "XD-21", replaced(number=1), TWICE),
    Cheat("two seeds for one number", "XD-21", {"entry": entries("draws/replaced", twice(seed="ab" * 32))}),
    Cheat("the entry of the seed is left out", "XD-21", {"entry": entries("draws/replaced", left_out)}),
    Cheat("the ledger holds another seed", "XD-21", replaced(seed=flipped)),
    Cheat("a seed of choice", "XD-21", {"value": on(1, lambda maker, value: flipped(value))}),
    Cheat("another member takes the seat", "XD-21", {"replacement": other_seat(0)}),
    Cheat("the second drawing passes one over", "XD-21", {"replacement": in_second(other_seat(0))}, TWICE),
    Cheat("the links of before are used again", "XD-21", {"vacated": on(1, stale_links)}),
    Cheat(
        "the round was out before the vacancy", "XD-21", {"vacated": on(1, put("plan", 0, "round", round_at(START)))}
    ),
    Cheat(
        "another round than that of the plan",
        "XD-21",
        {
            "part": on(
                1,
                lambda maker, part: put("beacon", maker.beacons["public"].sign(part["beacon"]["round"] + 1))(
                    maker, part
                ),
            )
        },
    ),
    Cheat(
        "the witnesses saw the vacancy after the round",
        "XD-21",
        {"cosign": on(1, lambda m, times: {n: s + 9000 for n, s in times.items()})},
    ),
    Cheat("the entry vacates another seat", "XD-21", vacated(seats=[1])),
    Cheat("the next in order although a seed was promised", "XD-21", {"body": put("replacement", "next_in_order")}),
]


def other_tree(size):
    return root_of([h("other", bytes([number])) for number in range(size)], ledger_node)


def split_view(maker, note, number):
    if number == 0:
        size = len(maker.ledger.texts)
        return maker.ledger.checkpoint(size, dict.fromkeys(WITNESSES, maker.now + 2), other_tree(size))
    return None


def split_close(maker, note, number):
    if number is None:
        size = len(maker.ledger.texts)
        return maker.ledger.checkpoint(size, dict.fromkeys(WITNESSES, maker.now + 9), other_tree(size))
    return None


def checkpoint_of(number, step):
    """The checkpoint of another size."""

    def change(maker, note):
        size = len(maker.ledger.texts) + step
        return maker.ledger.checkpoint(size, dict.fromkeys(WITNESSES, maker.now + 2))

    return {"checkpoint": on(number, change)}


def rewritten(index):
    """Change an old entry when the story is over."""

    def edit(maker, value, number):
        text = maker.ledger.texts[index]
        maker.ledger.texts[index] = text.replace(b'"length":12', b'"length":13')

    return {"close": edit}


def log_of(label):
    return lambda maker, value, number: setattr(maker.ledger, "log", key(label))


def in_note(number, old, new):
    return {"checkpoint": on(number, lambda maker, note: note.replace(old, new))}


def witnesses(number, *names):
    return {"cosign": on(number, lambda maker, times: {name: times[name] for name in names})}


def same_operator(maker, policy, number):
    for witness in policy["witnesses"]:
        witness["operator"] = "university"


def strangers(maker, times):
    return {"w1": times["w1"], "w9": times["w1"]}


def moved_lines(maker, note):
    """Witness lines of another checkpoint under this one."""
    other = maker.ledger.checkpoint(len(maker.ledger.texts) - 1, dict.fromkeys(WITNESSES, maker.now + 2))
    own = note.split("\n\n")[0]
    log_line = next(line for line in note.split("\n") if line.startswith(f"— {ORIGIN} "))
    lines = [line for line in other.split("\n")[4:] if line.startswith("— w")]
    return f"{own}\n\n" + "\n".join([log_line, *lines]) + "\n"


def wrong_consistency(maker, transcript, number):
    transcript["stamp"]["consistency"] = [flipped(one) for one in transcript["stamp"]["consistency"]]


LEDGER = [
    Cheat("the witnesses of the commitment saw another ledger", "XD-07", {"checkpoint": split_view}),
    Cheat("the ledger closes with another one", "XD-07", {"checkpoint": split_close}),
    Cheat("the proof of consistency is invented", "XD-07", {"transcript": wrong_consistency}),
    Cheat("the proof of consistency is left out", "XD-07", {"transcript": put("stamp", "consistency", [])}),
    Cheat("rolled back before the last entry", "XD-07", checkpoint_of(None, -1)),
    Cheat("rolled back before the drawing", "XD-07", checkpoint_of(None, -8)),
    Cheat("the stamp does not hold the commitment", "XD-07", checkpoint_of(0, -1)),
    Cheat("an entry is rewritten afterwards", "XD-07", rewritten(0)),
    Cheat("another key of the log", "XD-07", {"leaves": log_of("other log")}),
    Cheat("another key of the log in the end", "XD-07", {"close": log_of("other log")}),
    Cheat("another origin", "XD-07", in_note(0, ORIGIN, "ledger.example/mirror")),
    Cheat(
        "an entry of another place",
        "XD-07",
        {"transcript": lambda m, t, n: put("entries", 1, 1, t["entries"][0][1])(m, t)},
    ),
    Cheat("one operator under the commitment", "XD-08", witnesses(0, "w1")),
    Cheat("one operator in the end", "XD-08", witnesses(None, "w3")),
    Cheat("the centre makes the quorum", "XD-08", witnesses(0, "w2", "w4")),
    Cheat("nobody in the end", "XD-08", witnesses(None)),
    Cheat("one operator with three witnesses", "XD-08", {"policy": same_operator}),
    Cheat("an unknown witness makes the quorum", "XD-08", {"cosign": on(0, strangers)}),
    Cheat("the witnesses signed another checkpoint", "XD-08", {"checkpoint": on(0, moved_lines)}),
    Cheat("one operator under a replacement", "XD-08", witnesses(1, "w1")),
]


def then_policy(*path):
    """The reader trusts another policy than the draw was made under."""
    return {"transcript": lambda maker, transcript, number: put(*path)(maker, maker.policy)}


SUITE = [
    Cheat("the body names the national suite", "XD-03", {"body": put("suite", "gm")}),
    Cheat("the policy names the national suite", "XD-03", {"policy": put("suite", "gm")}),
    Cheat("both do", "XD-03", {"body": put("suite", "gm"), "policy": put("suite", "gm")}),
    Cheat("a suite in capitals", "XD-03", {"body": put("suite", "INTL")}),
    Cheat("an empty suite", "XD-03", {"body": put("suite", "")}),
    Cheat("a suite in capitals in the policy", "XD-03", {"policy": put("suite", "Intl")}),
    Cheat("a suite with a version", "XD-03", {"body": put("suite", "intl-1")}),
    Cheat("no protocol in the body", "XD-03", {"body": put("protocol", "")}),
    Cheat("an old protocol in the body", "XD-03", {"body": put("protocol", "XD-0")}),
    Cheat("another protocol in the transcript", "XD-03", {"transcript": put("protocol", "XD-2")}),
]
POLICY = [
    Cheat("a lower quorum", "XD-04", {"policy": put("quorum", 1)} | then_policy("quorum", 2)),
    Cheat("fewer parties", "XD-04", then_policy("min_parties_alone", 4)),
    Cheat("more skips", "XD-04", then_policy("max_skips", 2)),
    Cheat("another key of the supervisor", "XD-04", then_policy("parties", "supervisor", key("hub3").public.hex())),
    Cheat("another log", "XD-04", then_policy("log", "origin", "ledger.example/mine")),
    Cheat("one witness less", "XD-04", then_policy("witnesses", lambda old: old[:2])),
    Cheat("another beacon key", "XD-04", then_policy("beacons", 0, "public_key", FOREIGN.public_key)),
    Cheat("another gateway", "XD-04", then_policy("gateways", {})),
    Cheat("a longer lead", "XD-04", then_policy("max_lead_s", 7_000)),
    Cheat("an invented policy hash", "XD-04", {"body": put("policy", h("policy", canonical({})).hex())}),
    Cheat("an unknown rule pack", "XD-04", {"body": put("request", "pack_hash", h("my pack").hex())}),
]

CATALOGUE = {
    "1 commit after the round was known": COMMIT_AFTER_ROUND,
    "2 clock back-dated": BACK_DATED,
    "3 pool changed after the commit": POOL_CHANGED,
    "4 friend moved to another index": MOVED_INDEX,
    "5 skipped position": SKIPPED,
    "6 forged decline": FORGED_DECLINE,
    "7 second draw hidden": HIDDEN_DRAW,
    "8 seed from another round or chain": OTHER_ROUND,
    "9 link from the wrong index or party": WRONG_LINK,
    "10 fewer parties or unpinned key": FEWER_PARTIES,
    "11 replacement counter": COUNTER,
    "12 quorum of one operator, split view, rollback": LEDGER,
    "13 unknown suite": SUITE,
    "14 unknown policy": POLICY,
}
