from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from scheduling.artefact import lottery_document
from scheduling.canonical import decode, encode
from scheduling.commitment import (
    IN_ORDER,
    Commitment,
    CommitTerms,
    PartyLink,
    PlanItem,
    Prepared,
    commit_body,
    prepare,
)
from scheduling.eligibility import Eligibility
from scheduling.errors import CommitmentBrokenError, InvalidTermsError, TooEarlyError
from scheduling.leaves import BLOCK, CLASS, GROUNDS, NAME, PID, UNIT, name_commitment, pseudonym
from scheduling.lottery import build_lottery
from scheduling.records import CandidateRecord
from scheduling.transcript import BeaconValue

KEY = b"k" * 32
Make = Callable[..., Any]


def terms(**changes: Any) -> CommitTerms:
    values: dict[str, Any] = {
        "draw": "d1",
        "subject": "lot1",
        "policy": "00" * 32,
        "parties": (PartyLink("centre", "11" * 32, 3), PartyLink("supervisor", "22" * 32, 5)),
        "latest": BeaconValue("public", "ab" * 32, 6, "cd" * 48),
        "plan": (PlanItem("public", "ab" * 32, 9, datetime(2026, 3, 1, 3, tzinfo=UTC)), PlanItem("parties")),
        "committed_at": datetime(2026, 3, 1, 1, tzinfo=UTC),
    }
    return CommitTerms(**{**values, **changes})


@pytest.fixture
def eligibility(make_record: Make, assessed: Make) -> Eligibility:
    people: list[CandidateRecord] = [make_record(number) for number in range(12)]
    people += [make_record(number, employer_name="同一设计院") for number in range(12, 15)]
    people += [make_record(number, standing="suspended") for number in range(15, 21)]
    people += [make_record(number, specialities=("B01",)) for number in range(21, 23)]
    found: Eligibility = assessed(people)
    return found


@pytest.fixture
def prepared(eligibility: Eligibility) -> Prepared:
    return prepare(eligibility, build_lottery(eligibility), KEY, {"e0003": "张三"})


def test_leaves_stand_by_class_block_and_pseudonym_and_then_the_excluded(prepared: Prepared) -> None:
    leaves = [prepared.leaves.leaf(position) for position in range(len(prepared.leaves))]
    eligible = prepared.fixed["pool"]["eligible"]
    assert (len(leaves), eligible) == (23, 15)
    keys = [(leaf[CLASS], leaf[BLOCK], leaf[PID]) for leaf in leaves[:eligible]]
    assert keys == sorted(keys)
    assert [leaf[PID] for leaf in leaves[eligible:]] == sorted(leaf[PID] for leaf in leaves[eligible:])
    assert all(not leaf[GROUNDS] and leaf[UNIT] and leaf[NAME] for leaf in leaves[:eligible])
    assert all(leaf[GROUNDS] and leaf[CLASS] is None and not leaf[UNIT] for leaf in leaves[eligible:])
    assert {tuple(leaf[GROUNDS]) for leaf in leaves[eligible:]} == {("C16",), ("Q1",)}


def test_blocks_of_the_lottery_are_runs_of_leaves(prepared: Prepared) -> None:
    start = 0
    for number, group in enumerate(prepared.lottery.classes):
        for block, item in enumerate(group.blocks):
            run = [prepared.leaves.leaf(position) for position in range(start, start + item.count)]
            assert {(leaf[CLASS], leaf[BLOCK]) for leaf in run} == {(number, block)}
            start += item.count
    assert start == prepared.fixed["pool"]["eligible"]


def test_names_are_hidden_in_the_leaves(prepared: Prepared) -> None:
    of = pseudonym(KEY, "e0003")
    leaf = prepared.leaves.leaf(prepared.leaves.position_of(of.pid.hex()) or 0)
    assert leaf[NAME] == name_commitment(of.name_salt, "张三")
    assert "e0003" not in b"\n".join(prepared.leaves.texts).decode()


def test_counts_are_published_from_k_on(prepared: Prepared) -> None:
    assert prepared.fixed["eligible"] == [15]
    assert prepared.fixed["excluded"] == {"shown": [["C16", 6]], "merged": None}


def test_another_key_gives_another_pool_and_the_same_lottery(eligibility: Eligibility) -> None:
    lottery = build_lottery(eligibility)
    one, two = prepare(eligibility, lottery, KEY), prepare(eligibility, lottery, b"l" * 32)
    assert one.fixed["pool"]["root"] != two.fixed["pool"]["root"]
    assert one.fixed["lottery"] == two.fixed["lottery"]
    with pytest.raises(InvalidTermsError):
        prepare(eligibility, lottery, b"short")


def test_a_body_is_canonical_and_holds_no_leaf(prepared: Prepared) -> None:
    body = commit_body(prepared.fixed, terms())
    assert decode(encode(body)) == body
    assert body["alternates"] == [0]
    assert body["plan"][1] == {"level": "parties", "chain": None, "round": None, "deadline": None}
    assert commit_body(prepared.fixed, terms(replacement=IN_ORDER))["alternates"] == [1]
    assert commit_body(prepared.fixed, terms(latest=None))["latest"] is None


@pytest.mark.parametrize(
    "changes",
    [
        {"parties": (PartyLink("supervisor", "22" * 32, 1), PartyLink("centre", "11" * 32, 1))},
        {"parties": (PartyLink("centre", "11" * 32, 1),)},
        {"parties": (PartyLink("centre", "11" * 32, 0), PartyLink("supervisor", "22" * 32, 1))},
        {"parties": tuple(PartyLink(name, "11" * 32, 1) for name in ("centre", "supervisor", "z", "a"))},
        {"parties": tuple(PartyLink(name, "11" * 32, 1) for name in ("centre", "supervisor", "a", "a"))},
        {"attempt": 2},
        {"plan": ()},
        {"replacement": "as we like"},
        {"committed_at": datetime(2026, 3, 1)},  # noqa: DTZ001
    ],
)
def test_terms_that_contradict_themselves_are_refused(prepared: Prepared, changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidTermsError):
        commit_body(prepared.fixed, terms(**changes))


def test_dr_10_nothing_is_committed_before_the_window_opens(prepared: Prepared) -> None:
    with pytest.raises(TooEarlyError):
        commit_body(prepared.fixed, terms(), opens_at=datetime(2026, 3, 1, 2, tzinfo=UTC))


def test_a_commitment_is_restored_only_from_its_own_parts(prepared: Prepared) -> None:
    body = commit_body(prepared.fixed, terms())
    whole = Commitment(body, prepared.lottery, prepared.leaves)
    parts = lottery_document(prepared.lottery), prepared.leaves.to_bytes()
    assert Commitment.restored(body, *parts).digest == whole.digest
    other = replace(prepared.lottery, max_tries=5)
    with pytest.raises(CommitmentBrokenError):
        Commitment.restored(body, lottery_document(other), parts[1])
    with pytest.raises(CommitmentBrokenError):
        Commitment.restored({**body, "pool": {**body["pool"], "root": "00" * 32}}, *parts)
