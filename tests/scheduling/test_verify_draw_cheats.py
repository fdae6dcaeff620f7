"""Twelve cheats and two of parameters, each in ten and more variants, are named by the rule of the protocol's page."""

from functools import cache, lru_cache

import pytest

from scheduling.verify_draw import verify
from tests.scheduling.transcripts.cheats_of_chance import CATALOGUE
from tests.scheduling.transcripts.maker import make

VARIANTS = [(name, place) for name, cheats in CATALOGUE.items() for place in range(len(cheats))]


@lru_cache
def honest(scenario):
    return make(scenario).files


@cache
def dishonest(name, place):
    cheat = CATALOGUE[name][place]
    return make(cheat.scenario, **cheat.edits).files


@pytest.mark.parametrize(
    ("name", "place"), VARIANTS, ids=[f"{name}: {CATALOGUE[name][place].name}" for name, place in VARIANTS]
)
def test_a_cheat_is_named(name, place):
    cheat = CATALOGUE[name][place]
    assert verify(*honest(cheat.scenario)).findings == ()
    verdict = verify(*dishonest(name, place), cheat.published)
    assert not verdict.ok
    assert cheat.rule in {finding.rule for finding in verdict.findings}, verdict.findings


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_cheat_has_ten_different_variants(name):
    made = {(*dishonest(name, place), cheat.published) for place, cheat in enumerate(CATALOGUE[name])}
    assert len(made) == len(CATALOGUE[name])
    assert len(made) >= 10
