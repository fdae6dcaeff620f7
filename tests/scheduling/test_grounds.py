from scheduling.demand import PARTY_ROLES
from scheduling.grounds import GROUND_RULES
from scheduling.records import RELATION_KINDS
from scheduling.request import GROUNDS

TARGETS = {*PARTY_ROLES, "avoid", "project", "anyone"}


def test_table_covers_every_ground_of_chapter_2() -> None:
    assert tuple(GROUND_RULES) == GROUNDS
    assert all(rule.rule_key and rule.citation for rule in GROUND_RULES.values())


def test_clauses_name_known_ties_and_targets() -> None:
    clauses = [clause for rule in GROUND_RULES.values() for clause in rule.clauses]
    assert {kind for clause in clauses for kind in clause.kinds} == set(RELATION_KINDS) - {"kin"}
    assert {target for clause in clauses for target in clause.targets} <= TARGETS


def test_marks_are_those_of_chapter_2() -> None:
    verified = {ground for ground, rule in GROUND_RULES.items() if rule.mark == "verified"}
    assert verified == {f"C{number:02}" for number in (*range(1, 11), 15, 18)}


def test_windows_are_those_of_chapter_2() -> None:
    years = {g for g, rule in GROUND_RULES.items() for clause in rule.clauses if clause.window == "years"}
    permanent = {g for g, rule in GROUND_RULES.items() for clause in rule.clauses if clause.window == "permanent"}
    # C12 looks at the project for ever, and at the need planned for an organisation within the window.
    assert years == {"C01", "C02", "C03", "C12"}
    assert permanent == {"C08", "C12", "C18", "C19"}
