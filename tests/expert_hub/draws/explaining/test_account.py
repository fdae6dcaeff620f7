"""The account tells what stands in the transcript, in both languages, and judges nothing."""

import json
import re
from typing import Any

import pytest

from expert_hub.draws.explaining.account import steps_of
from expert_hub.draws.explaining.account_form import Step, Story
from expert_hub.draws.explaining.explanation import explain_transcript
from expert_hub.draws.explaining.transcript_form import read_entries, read_transcript_form
from tests.expert_hub.draws.pictured import golden

KINDS = ("federated", "in-order", "parties", "public", "void")


def told(document: Any, language: Any = "en") -> list[Step]:
    form = read_transcript_form(json.dumps(document).encode(), "t")
    quotas = explain_transcript(form, "t").quotas
    return steps_of(Story(form, read_entries(form, "t"), quotas, language))


def text_of(steps: list[Step]) -> str:
    lines = [line for step in steps for line in (step.title, *step.facts, step.purpose)]
    cells = [cell for step in steps if step.grid for row in (step.grid.heads, *step.grid.rows) for cell in row]
    return "\n".join(lines + cells)


@pytest.mark.parametrize("kind", KINDS)
def test_every_step_is_told_in_both_languages_with_the_same_numbers(kind: str) -> None:
    document = golden(f"honest-{kind}")
    zh, en = told(document, "zh"), told(document)
    assert len(zh) == len(en) == 7 + bool(document["replacements"])
    for one, other in zip(zh, en, strict=True):
        assert one.title != other.title
        assert one.purpose != other.purpose
        assert len(one.facts) == len(other.facts)
        numbers = [re.findall(r"\d+", "\n".join(step.facts)) for step in (one, other)]
        assert sorted(numbers[0]) == sorted(numbers[1])
    assert "PASS" not in text_of(en)


def test_who_committed_when_under_which_digest() -> None:
    document = golden()
    facts = told(document)[0].facts
    commit = document["commit"]
    assert facts[0] == f"Draw {commit['draw']} of lot {commit['subject']}, attempt {commit['attempt']}"
    entry = next(
        found
        for text, _ in document["entries"]
        if (found := json.loads(text))["kind"] == "draws/committed" and found["subject"] == commit["draw"]
    )
    assert any(entry["body"]["commit"] in fact and f"entry {entry['index']}" in fact for fact in facts)


def test_seats_outcomes_and_panel_are_those_of_the_document() -> None:
    document = golden()
    steps = told(document)
    order, outcomes = steps[4].grid, steps[5].grid
    assert order is not None
    assert outcomes is not None
    assert [int(row[2].split()[0]) for row in order.rows] == [position for _, position in document["drawn"]]
    assert len(outcomes.rows) == len(document["outcomes"])
    panel = "; ".join(f"{seat}: {position}" for seat, _, position in document["result"]["panel"])
    named = {position: name for position, name, _ in document["names"]}
    expected = re.sub(r": (\d+)", lambda found: f": {found[1]} {named.get(int(found[1]), '')}".rstrip(), panel)
    assert f"Panel (seat: position) {expected}" in steps[-1].facts


def test_without_a_beacon_nothing_is_claimed_of_one() -> None:
    step = told(golden("honest-parties"))[3]
    assert step.facts[0] == "Assurance level: parties only"
    assert step.purpose.startswith("There was no beacon")


def test_fallback_escrow_order_and_void_are_said() -> None:
    document = golden()
    document["commit"]["plan"].insert(0, {"level": "public", "chain": "0" * 64, "round": 1, "deadline": None})
    document["seed"]["escrowed"] = ["supervisor"]
    document["commit"]["previous"] = ["0" * 64]
    text = text_of(told(document))
    assert "The first choice was the public beacon" in text
    assert "supervisor withheld its link; escrow opened it" in text
    assert "It names 1 earlier attempt" in text
    assert "the name could be foreseen" in text_of(told(golden("honest-in-order")))
    assert "The draw is void; there is no panel" in text_of(told(golden("honest-void")))


def test_positions_that_do_not_exist_have_no_chance() -> None:
    document = golden()
    document["drawn"][0][1] = 10**6
    grid = told(document)[4].grid
    assert grid is not None
    assert grid.rows[0][3] == "–"


def test_a_replacement_that_fell_back_says_so_and_a_broken_plan_says_nothing() -> None:
    document = golden()
    entry = document["replacements"][0]["entry"]
    place = next(at for at, (text, _) in enumerate(document["entries"]) if json.loads(text)["index"] == entry)
    vacated = json.loads(document["entries"][place][0])
    said = []
    first = {"level": "public", "chain": "0" * 64, "round": 1, "deadline": None}
    for plan in ([first], "no plan", []):
        document["entries"][place][0] = json.dumps(vacated | {"body": vacated["body"] | {"plan": plan}})
        said.append("The first choice was the public beacon" in "\n".join(told(document)[6].facts))
    assert said == [True, False, False]
