"""Honest draws of every kind, made by other code from the same page, raise no alarm."""

import pytest

from scheduling.verify_draw import verify
from tests.scheduling.transcripts.maker import make_random


def check(numbers):
    seen = set()
    for number in numbers:
        draw = make_random(number)
        verdict = verify(*draw.files, [draw.digest.hex()])
        assert verdict.findings == (), number
        level = draw.seed["level"]
        seen |= {draw.scenario.method, level, draw.state, draw.scenario.replacement, bool(draw.replacements)}
        seen |= {one["outcome"] for one in draw.outcomes}
    return seen


KINDS = {
    "plain",
    "rejection",
    "public",
    "federated",
    "parties",
    "complete",
    "void",
    "fresh_seed",
    "next_in_order",
    True,
}


def test_forty_honest_draws_pass():
    assert check(range(40)) >= KINDS


@pytest.mark.slow
def test_a_thousand_honest_draws_pass():
    outcomes = {"declined", "no-answer", "withdrawn", "absent", "conflict", "unwell", "misconduct", "confirmed"}
    assert check(range(1_000, 2_000)) >= KINDS | outcomes
