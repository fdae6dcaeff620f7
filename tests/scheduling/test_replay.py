import copy
import hashlib
import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import scheduling.replay
from scheduling.canonical import encode
from scheduling.draw import CandidateRecord, Quota
from scheduling.replay import replay
from scheduling.transcript import commit_digest, draw_seed, lottery_hash, merkle_root, transcript_digest

Maker = Callable[..., CandidateRecord]
TranscriptOf = Callable[..., dict[str, Any]]
Change = Callable[[dict[str, Any]], None]


@pytest.fixture(scope="module")
def small(make_record: Maker, transcript_of: TranscriptOf) -> dict[str, Any]:
    return transcript_of(
        [make_record(0, standing="suspended"), *(make_record(number) for number in range(1, 5))],
        quotas=(Quota("q", "A08", 2),),
        parties=(),
        grounds=("C14",),
        project_refs=("甲",),
    )


@pytest.fixture(scope="module")
def large(make_record: Maker, transcript_of: TranscriptOf) -> dict[str, Any]:
    records = [
        make_record(number, specialities=(("A08",), ("A09",), ("A08", "A09"))[number % 3], kin=(f"e{number + 1:04}",))
        for number in range(150)
    ]
    quotas = (Quota("a", "A08", 3), Quota("b", "A09", 2))
    return transcript_of(records, quotas=quotas, alternates_per_quota=2)


@pytest.fixture(scope="module")
def listed(make_record: Maker, transcript_of: TranscriptOf) -> dict[str, Any]:
    records = [make_record(number, kin=("e0000",) if number == 9 else ()) for number in range(10)]
    return transcript_of(records, quotas=(Quota("a", "A08", 7),), alternates_per_quota=2)


def test_true_transcripts_pass(small: dict[str, Any], large: dict[str, Any], listed: dict[str, Any]) -> None:
    for transcript in (small, large, listed):
        verdict = replay(encode(transcript), transcript["commit_digest"])
        assert (verdict.ok, verdict.findings) == (True, ())
        assert verdict.panel == tuple(transcript["leaves"][place][0] for _, place in transcript["panel"])
    assert listed["lottery"]["kind"] == "portfolio"


def test_every_changed_byte_fails(small: dict[str, Any]) -> None:
    raw = encode(small)
    for place, byte in enumerate(raw):
        for other in {byte ^ 1, byte ^ 0x20, ord("0") if byte != ord("0") else ord("1")}:
            assert not replay(raw[:place] + bytes([other]) + raw[place + 1 :]).ok


def test_2_000_random_changes_of_a_larger_transcript_fail(large: dict[str, Any]) -> None:
    raw, chance = encode(large), random.Random(7)
    for _ in range(2_000):
        place = chance.randrange(len(raw))
        changed = raw[:place] + bytes([raw[place] ^ chance.randrange(1, 256)]) + raw[place + 1 :]
        assert not replay(changed).ok


class Stranger:
    """Draws again with nothing but docs/protocol/draw.md at hand."""

    def __init__(self, raw: bytes) -> None:
        self.document = json.loads(raw)
        self.lottery, self.leaves = self.document["lottery"], self.document["leaves"]
        self.words, self.blocks = list[int](), 0
        self.kin = {frozenset(edge) for edge in self.lottery["policy"]["edges"]}

    def word(self) -> int:
        if not self.words:
            parts = [b"stream", bytes.fromhex(self.document["seed"]), self.blocks.to_bytes(8, "big")]
            digest = hashlib.sha256(b"".join(len(part).to_bytes(8, "big") + part for part in parts)).digest()
            self.words = [int.from_bytes(digest[start : start + 8], "big") for start in range(0, 32, 8)]
            self.blocks += 1
        return self.words.pop(0)

    def below(self, bound: int) -> int:
        while (value := self.word()) >= 2**64 - 2**64 % bound:
            pass
        return value % bound

    def is_refused(self, person: int, chosen: list[int]) -> bool:
        colleagues = sum(self.leaves[other][2] == self.leaves[person][2] for other in chosen)
        is_kin = any(frozenset((person, other)) in self.kin for other in chosen)
        return person in chosen or is_kin or colleagues >= self.lottery["policy"]["employer_max"] > 0

    def attempt(self) -> list[int] | None:
        chosen: list[int] = []
        for number in self.lottery["templates"][self.below(len(self.lottery["templates"]))][1]:
            members = self.lottery["classes"][number]["members"]
            person = members[self.below(len(members))]
            if self.is_refused(person, chosen):
                return None
            chosen.append(person)
        return chosen

    def permute(self, chosen: list[int]) -> None:
        for quota in range(len(self.document["commit"]["request"]["quotas"])):
            places = [place for place, seat in enumerate(self.lottery["seats"]) if seat[0] == quota]
            for last in range(len(places) - 1, 0, -1):
                here, there = places[last], places[self.below(last + 1)]
                chosen[here], chosen[there] = chosen[there], chosen[here]

    def draw(self) -> tuple[list[list[int]], list[list[int]], int]:
        tries = 1
        while (chosen := self.attempt()) is None:
            tries += 1
        if self.lottery["policy"]["permute"]:
            self.permute(chosen)
        rows = sorted((*seat, person) for seat, person in zip(self.lottery["seats"], chosen, strict=True))
        return [[row[0], row[3]] for row in rows if not row[2]], [[row[0], row[3]] for row in rows if row[2]], tries


def test_stranger_with_the_published_description_draws_the_same(
    small: dict[str, Any], large: dict[str, Any], listed: dict[str, Any]
) -> None:
    for transcript in (small, large, listed):
        assert Stranger(encode(transcript)).draw() == tuple(transcript[key] for key in ("panel", "alternates", "tries"))


def test_cut_doubled_and_lengthened_bytes_fail(small: dict[str, Any]) -> None:
    raw = encode(small)
    for changed in (raw[:-1], raw[1:], raw + b"\n", raw + raw, b"", raw.replace(b",", b", ", 1)):
        assert [finding.rule_id for finding in replay(changed).findings] == ["XD-01 bytes"]


def sealed(transcript: dict[str, Any]) -> bytes:
    """Write the last digest anew, as one would who changes a transcript with care."""
    return encode({**transcript, "digest": transcript_digest(transcript)})


def resealed(transcript: dict[str, Any]) -> bytes:
    """Write every digest anew, seed included: a careful forger with the secrets, but without the published digest."""
    body = transcript["commit"]
    body["pool"]["root"], body["lottery"] = merkle_root(transcript["leaves"]), lottery_hash(transcript["lottery"])
    transcript["commit_digest"] = commit_digest(body)
    secrets = {party: bytes.fromhex(text) for party, text in transcript["contributions"].items()}
    transcript["seed"] = draw_seed(transcript["commit_digest"], secrets).hex()
    return sealed(transcript)


def drawn_out(document: dict[str, Any]) -> int:
    """Return an eligible candidate who was not drawn."""
    drawn = {place for _, place in document["panel"] + document["alternates"]}
    return next(place for place, leaf in enumerate(document["leaves"]) if leaf[3] and place not in drawn)


def put_friend(document: dict[str, Any]) -> None:
    document["panel"][0][1] = drawn_out(document)


def put_excluded(document: dict[str, Any]) -> None:
    document["panel"][0][1] = next(place for place, leaf in enumerate(document["leaves"]) if leaf[5])


def swap_leaves(document: dict[str, Any]) -> None:
    leaves = document["leaves"]
    leaves[0], leaves[1] = leaves[1], leaves[0]


def twice(document: dict[str, Any]) -> None:
    document["panel"][0] = document["panel"][1]


def drop_member(document: dict[str, Any]) -> None:
    document["lottery"]["classes"][0]["members"].pop()


def weigh(document: dict[str, Any]) -> None:
    document["lottery"]["classes"][0]["weights"] = [1, 1, 1, 9]


def admit(document: dict[str, Any]) -> None:
    leaf = next(leaf for leaf in document["leaves"] if leaf[5])
    leaf[3], leaf[4], leaf[5] = [0], [0], []


def set_value(*path: Any, value: Any) -> Change:
    def change(document: dict[str, Any]) -> None:
        place: Any = document
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (set_value("seed", value="00" * 32), "XD-05 seed"),
        (set_value("commit", "committed_at", value="2026-03-01T01:00:01Z"), "XD-06 commitment"),
        (set_value("commit", "request", "quotas", 0, "regions", value=["11"]), "XD-06 commitment"),
        (set_value("contributions", "centre", value="00" * 32), "XD-07 contributions"),
        (swap_leaves, "XD-08 pool"),
        (set_value("leaves", 0, 1, value="0" * 32), "XD-08 pool"),
        (set_value("leaves", 0, 2, value="0" * 64), "XD-08 pool"),
        (put_excluded, "XD-09 eligibility"),
        (drop_member, "XD-10 lottery"),
        (put_friend, "XD-11 order"),
        (set_value("tries", value=9), "XD-11 order"),
        (twice, "XD-12 conflicts"),
        (lambda document: document["panel"].pop(), "XD-13 quotas"),
    ],
)
def test_each_rule_names_its_own_forgery(small: dict[str, Any], change: Change, rule: str) -> None:
    forged = copy.deepcopy(small)
    change(forged)
    assert "XD-04 digest" in [finding.rule_id for finding in replay(encode(forged)).findings]
    assert rule in [finding.rule_id for finding in replay(sealed(forged)).findings]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (set_value("commit", "attempt", value=2), "XD-06 commitment"),
        (set_value("commit", "request", "draw_opens_at", value="2026-03-01T01:00:00.500000Z"), "XD-06 commitment"),
        (set_value("commit", "contributions", "centre", value="00" * 32), "XD-07 contributions"),
        (swap_leaves, "XD-08 pool"),
        (set_value("commit", "pool", "size", value=6), "XD-08 pool"),
        (set_value("commit", "eligible", value=[3]), "XD-08 pool"),
        (set_value("commit", "excluded", "merged", value=5), "XD-08 pool"),
        (admit, "XD-10 lottery"),
        (lambda document: next(leaf for leaf in document["leaves"] if leaf[5])[5].clear(), "XD-09 eligibility"),
        (set_value("commit", "request", "grounds", value=["C13"]), "XD-10 lottery"),
        (drop_member, "XD-10 lottery"),
        (weigh, "XD-10 lottery"),
        (set_value("lottery", "policy", "employer_max", value=0), "XD-10 lottery"),
        (set_value("lottery", "policy", "edges", value=[[0, 1]]), "XD-10 lottery"),
        (set_value("lottery", "policy", "redraw", value="members"), "XD-10 lottery"),
        (set_value("lottery", "kind", value="portfolio"), "XD-10 lottery"),
        (set_value("leaves", 0, 4, value=[]), "XD-10 lottery"),
    ],
)
def test_forger_who_writes_every_digest_anew_is_caught(small: dict[str, Any], change: Change, rule: str) -> None:
    forged = copy.deepcopy(small)
    change(forged)
    assert rule in [finding.rule_id for finding in replay(resealed(forged)).findings]


def test_portfolio_without_one_of_its_panels_is_caught(listed: dict[str, Any]) -> None:
    forged = copy.deepcopy(listed)
    forged["lottery"]["templates"].pop()
    assert "XD-10 lottery" in [finding.rule_id for finding in replay(resealed(forged)).findings]


def test_new_commitment_passes_only_without_the_published_one(small: dict[str, Any]) -> None:
    findings = replay(encode(small), "00" * 32).findings
    assert [finding.rule_id for finding in findings] == ["XD-14 published commitment"]


def test_unknown_protocol_is_named(small: dict[str, Any]) -> None:
    forged = {**small, "protocol": "XD-9"}
    assert [finding.rule_id for finding in replay(sealed(forged)).findings] == ["XD-03 protocol"]


HOSTILE = [b"", b"null", b"[]", b"{}", b"\xff\xfe", b"[" * 200_000, b'{"a":' * 50_000, b"NaN", b"1e999", b"9" * 50_000]
HOSTILE += [b'{"protocol":"XD-1/first-form","protocol":"x"}', b'"\\ud800"', b"-0", b"true", b'{"\xc3\xa9":1}']


@pytest.mark.parametrize("raw", HOSTILE)
def test_hostile_bytes_fail_and_never_raise(raw: bytes) -> None:
    assert not replay(raw).ok


@given(st.binary(max_size=60))
def test_no_bytes_make_the_verifier_raise(raw: bytes) -> None:
    assert not replay(raw).ok


anything = st.none() | st.booleans() | st.integers(-5, 2**53 - 1) | st.text(max_size=3) | st.just([]) | st.just({})


@given(st.data())
def test_any_value_in_any_place_fails_and_never_raises(small: dict[str, Any], data: st.DataObject) -> None:
    forged = copy.deepcopy(small)
    place: Any = forged
    while True:
        step = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        if not isinstance(place[step], dict | list) or not place[step] or data.draw(st.booleans()):
            break
        place = place[step]
    place[step] = data.draw(anything)
    raw = sealed(forged)
    assert replay(raw).ok == (raw == encode(small))


def test_overlooked_accident_is_a_fail(small: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def accident(*_: object) -> str:
        raise ZeroDivisionError

    monkeypatch.setattr(scheduling.replay, "_CHECKS", (("XD-04 digest", accident),))
    assert [finding.rule_id for finding in replay(encode(small)).findings] == ["XD-02 structure"]


def test_verifier_stands_on_the_standard_library_alone() -> None:
    program = (
        "import sys; before = set(sys.modules); import scheduling.replay;"
        "names = {name.split('.')[0] for name in set(sys.modules) - before};"
        "print(sorted(names - sys.stdlib_module_names - {'scheduling'}))"
    )
    root = Path(scheduling.replay.__file__).parents[1]
    run = subprocess.run([sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(root)!r}); {program}"],
        capture_output=True, check=True, text=True)  # fmt: skip
    assert run.stdout.strip() == "[]"
