"""Transcripts as files: what was said of them once must be said of them for ever."""

import json

import pytest

from scheduling.verify_draw import verify
from tests.scheduling.transcripts.cheats_of_chance import CATALOGUE
from tests.scheduling.transcripts.golden import CHOSEN, FOLDER, HONEST, golden_files

INDEX = json.loads((FOLDER / "index.json").read_bytes())


@pytest.mark.parametrize("name", INDEX)
def test_the_verdict_on_a_golden_transcript_stands(name):
    case = INDEX[name]
    verdict = verify((FOLDER / f"{name}.json").read_bytes(), (FOLDER / case["policy"]).read_bytes(), case["published"])
    assert [finding.rule for finding in verdict.findings] == case["fails"]
    assert verdict.ok == name.startswith("honest")


@pytest.mark.parametrize("number", CHOSEN)
def test_each_cheat_fails_by_its_rule(number):
    cheats = list(CATALOGUE.values())[number - 1]
    rule = next(cheat.rule for cheat in cheats if cheat.name == CHOSEN[number])
    assert rule in INDEX[f"cheat-{number:02}"]["fails"]


def test_there_is_one_of_each():
    assert set(INDEX) == {*HONEST, *(f"cheat-{number:02}" for number in range(1, 15))}


def test_the_files_are_written_again_to_the_byte():
    files = golden_files()
    assert {path.name: path.read_bytes() for path in FOLDER.glob("*.json")} == files
    assert max(map(len, files.values())) < 60_000
