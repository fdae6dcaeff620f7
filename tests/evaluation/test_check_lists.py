from msgspec.structs import replace

from evaluation.check_lists import committee_checks, entity_checks
from evaluation.setup import CheckSetup


def test_tbr_art_20_in_engineering_the_committee_checks_form_qualification_and_responsiveness(setup):
    stages = ("form", "qualification", "responsiveness")
    checks = tuple(CheckSetup(stage, stage, stage, "R3") for stage in stages)
    engineering = replace(setup, checks=checks, rules=replace(setup.rules, prelim_stages=stages))
    assert committee_checks(engineering) == checks
    assert entity_checks(engineering) == ()


def test_o87_art_44_in_procurement_qualification_is_the_entitys(setup):
    checks = (CheckSetup("Q", "q", "qualification", "P3"), CheckSetup("C", "c", "compliance", "P2"))
    procurement = replace(setup, checks=checks, rules=replace(setup.rules, prelim_stages=("compliance",)))
    assert entity_checks(procurement) == checks[:1]
    assert committee_checks(procurement) == checks[1:]
