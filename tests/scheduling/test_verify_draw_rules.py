"""Every sentence that a rule can say: a transcript that is wrong in this one way hears it."""

import json

import pytest

from scheduling import verify_draw
from scheduling.verify_draw import verify
from tests.scheduling.transcripts.edits import body_of, entries, left_out, on, put, without_entries
from tests.scheduling.transcripts.maker import make
from tests.scheduling.transcripts.scenarios import Scenario
from tests.scheduling.transcripts.world import h, key

STORY = Scenario("said", outcomes=("declined",))
IN_ORDER = Scenario("said in order", replacement="next_in_order", outcomes=("declined",))
THIRD = Scenario("said third", previous=2)
PUBLIC = Scenario("said public", levels=("public",))
WITHDRAWN = Scenario("said withdrawn", outcomes=("withdrawn",))
BY_CALL = Scenario("said by call", outcomes=("declined-by-call",))
VOID = Scenario("said void", outcomes=("declined", "no-answer"), max_skips=0)


def finished(change):
    return {"transcript": lambda maker, transcript, number: change(transcript) and None}


def small_class(transcript):
    """The first class that a template seats has one member, and the sums say so too."""
    lottery, commit = transcript["lottery"], transcript["commit"]
    group = next(cell[0] for row in lottery["templates"] for cell in row[2] if cell[2] > 1)
    away = sum(block[0] for block in lottery["classes"][group]["blocks"]) - 1
    lottery["classes"][group]["blocks"] = [[1, 1, 0]]
    commit["pool"]["eligible"] -= away
    for quota in lottery["classes"][group]["quotas"]:
        commit["eligible"][quota] -= away


def other_order(maker, entry):
    other = {"attempt-1": 2, "attempt-2": 1}.get(entry["subject"])
    return body_of(attempt=other)(maker, entry) if other else None


def used_again(maker, value, number):
    """Another draw uses the link of this one, later."""
    for party, (label, index) in maker.used_links.items():
        maker.used_links[party] = (label, index - 1)
    maker.append_foreign("thief", "another lot", 1)


def drawn_before(maker, signatures, number):
    now = maker.now
    value = maker.reveal(maker.body["parties"], maker.body["plan"], ("seed", maker.digest), 0)["value"]
    maker.now = now
    maker.ledger.append(now, "draws/drawn", maker.draw_id, {"commit": maker.digest.hex(), "seed": value})


def once(transcript):
    """All are of one unit, and one try is allowed."""
    transcript["lottery"]["max_tries"], transcript["lottery"]["unit_max"] = 1, 1
    for row in transcript["openings"]:
        row[1][4] = "ab" * 32


def withdrawn_too(maker, value, number):
    one = maker.seats[0]
    maker.append("draws/withdrawn", {name: one[name] for name in ("number", "seat", "position")})


def as_confirmed(maker, transcript, number):
    """The one who withdrew is told as confirmed, by the entry of the acceptance before; the withdrawal is left out."""
    one = transcript["outcomes"][0]
    accepted = [json.loads(text) for text, _ in transcript["entries"] if '"draws/accepted"' in text]
    person = {name: one[name] for name in ("number", "seat", "position")}
    one["outcome"], one["entry"] = "confirmed", next(row["index"] for row in accepted if row["body"] == person)
    without_entries(lambda maker, text: '"draws/withdrawn"' in text)(maker, transcript)


def signed_record(text):
    def edit(maker, value, person):
        signature = key("voice").sign("gateway", h("record", text.encode()))
        if person["number"] == 0 and person["seat"] == 0:
            value["evidence"] = {"gateway": "voice", "record": text, "signature": signature}

    return {"outcome": edit}


def drop_replacement(transcript):
    transcript["replacements"].clear()
    transcript["outcomes"] = [one for one in transcript["outcomes"] if one["number"] == 0]
    transcript["result"]["panel"] = [[seat, *place] for seat, place in enumerate(transcript["drawn"])]


def not_opened(transcript):
    away = transcript["replacements"][0]["drawn"][0][2]
    transcript["openings"] = [row for row in transcript["openings"] if row[0] != away]


def other_quota(transcript):
    seat = next(seat for seat, (quota, _) in enumerate(transcript["drawn"]) if quota == 1)
    transcript["drawn"][seat][0] = transcript["result"]["panel"][seat][1] = 0


def leave_links(maker, entry):
    return body_of(links=maker.body["parties"])(maker, entry)


CASES = {
    "something else than the body": (STORY, {"committed": put("attempt", 9)}),
    "the entries do not ascend": (STORY, finished(lambda t: t["entries"].reverse())),
    "the instants of the entries do not ascend": (
        STORY,
        {"entry": entries("draws/accepted", lambda maker, entry: entry | {"at": entry["at"] - 3600})},
    ),
    "the classes do not hold the eligible": (STORY, {"body": put("pool", "eligible", lambda old: old + 1)}),
    "a class has no members": (
        STORY,
        finished(lambda t: t["lottery"]["classes"].append({"quotas": [0], "blocks": []})),
    ),
    "a class lists quotas that do not exist": (
        STORY,
        finished(lambda t: put("lottery", "classes", 0, "quotas", [9])(None, t)),
    ),
    "the lottery has no template": (STORY, finished(lambda t: t["lottery"]["templates"].clear())),
    "has cells that do not ascend": (STORY, finished(lambda t: t["lottery"]["templates"][0][2].append([0, 0, 1]))),
    "takes more members than a class has": (Scenario("said small", counts=(6,)), finished(small_class)),
    "the exclusions do not ascend or are more": (STORY, {"body": put("excluded", "shown", [["C07", 99]])}),
    "the attempts do not ascend in the ledger": (
        THIRD,
        {"entry": entries("draws/committed", other_order, own=False), "body": put("previous", lambda old: old[::-1])},
    ),
    "was used twice or out of order": (STORY, {"close": used_again}),
    "is shorter than its link 2": (
        STORY,
        {"entry": entries("draws/chain-registered", body_of(length=1), own=False)},
    ),
    "a level stands twice in the plan": (STORY, {"body": put("plan", 1, "level", "public")}),
    "a chain of the plan is not in the policy": (STORY, {"body": put("plan", 1, "chain", "ab" * 32)}),
    "the level of the seed is not in the plan": (
        PUBLIC,
        {"part": on(0, lambda maker, part: put("level", "parties")(maker, part))},
    ),
    "the seed stands in the ledger before the commitment": (
        STORY,
        {"signatures": drawn_before, "entry": entries("draws/drawn", left_out)},
    ),
    "no panel within the allowed tries": (STORY, finished(once)),
    "alternates although each replacement": (STORY, {"body": put("alternates", [2, 2])}),
    "no entry holds the outcome": (STORY, {"transcript": put("outcomes", 1, "entry", None)}),
    "has another outcome in the ledger": (PUBLIC, {"close": withdrawn_too}),
    "is confirmed and was replaced": (WITHDRAWN, {"transcript": as_confirmed}),
    "no good evidence": (BY_CALL, signed_record("{")),
    "no good evidence for the outcome": (BY_CALL, signed_record("{}")),
    "evidence for the outcome of seat 0": (VOID, {"transcript": put("outcomes", 0, "entry", None)}),
    "evidence for the outcome of seat 1": (VOID, {"transcript": put("outcomes", 1, "entry", None)}),
    "more seats were filled again than": (STORY, {"policy": put("max_skips", 0)}),
    "takes the next in order and names links": (IN_ORDER, {"entry": entries("draws/vacated", leave_links)}),
    "somebody was drawn who is not eligible": (
        STORY,
        finished(lambda t: put("drawn", 0, 1, t["commit"]["pool"]["size"] - 1)(None, t)),
    ),
    "was touched and is not opened": (STORY, finished(not_opened)),
    "no alternate is left for seat 0": (IN_ORDER, finished(lambda t: t["alternates"].clear())),
    "replacement 1 gives other members": (STORY, finished(other_quota)),
    "the seats are not those of the quotas": (PUBLIC, finished(other_quota)),
    "was vacated and not filled again": (STORY, finished(drop_replacement)),
    "the names do not ascend": (STORY, finished(lambda t: t["names"].reverse())),
    "too many seats": (STORY, {"transcript": put("drawn", [[0, 0]] * 1_001)}),
}


@pytest.mark.parametrize(("sentence", "scenario", "edits"), [(text, *case) for text, case in CASES.items()], ids=CASES)
def test_a_sentence_is_said(sentence, scenario, edits):
    found = verify(*make(scenario, **edits).files).findings
    assert [one for one in found if sentence in one.message], found


def test_one_candidate_at_two_positions_is_found():
    """All leaves of a block are one person: whoever draws from two blocks meets the same one again."""

    def same(maker, leaves, number):
        for leaf in leaves[: maker.eligible]:
            leaf[0] = "ab" * 32

    found = {
        one.message
        for number in range(6)
        for one in verify(*make(Scenario(f"twins {number}", counts=(1, 1)), leaves=same).files).findings
    }
    assert "one candidate stands at two positions" in found
    assert found <= {"one candidate stands at two positions", "opened leaves of one block do not ascend"}


def test_a_reserve_may_run_dry():
    """Where fewer are left than places, every one of them is an alternate."""
    draw = make(IN_ORDER, body=put("alternates", [100, 100]))
    assert len(draw.alternates) == sum(block[0] for one in draw.lottery["classes"] for block in one["blocks"]) - 3
    assert verify(*draw.files).findings == ()


def test_weights_without_bounds_are_refused(monkeypatch):
    monkeypatch.setattr(verify_draw, "MAX_WEIGHT_BITS", 1)
    found = verify(*make(STORY).files).findings
    assert [(one.rule, one.message) for one in found] == [("XD-21", "to check it takes more work than an honest draw")]


def test_the_words_of_strangers_do_not_break_the_lines():
    """Names that came with the transcript are printed as JSON texts in ASCII."""
    odd = "a\n\x1b[2J专家"
    draw = make(Scenario("odd"), part=on(0, lambda maker, part: put("escrowed", [odd])(maker, part)))
    verdict = verify(*draw.files)
    assert [one.rule for one in verdict.findings] == ["XD-15"]
    assert all(note.isascii() and note.isprintable() for note in verdict.notes)
    assert any(json.dumps(odd) in note for note in verdict.notes)
