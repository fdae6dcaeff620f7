"""Chapter 13: packs load completely or are refused with file and line."""

import hashlib
from datetime import date
from decimal import Decimal
from fractions import Fraction
from importlib import resources
from pathlib import Path

import pytest

from expert_hub.foundation.errors import HubError
from expert_hub.foundation.pack_keys import CENTRE_KEYS, PACK_KEYS
from expert_hub.foundation.pack_refusals import (
    BadMark,
    MissingCitation,
    MissingKey,
    OutOfForce,
    PackSyntax,
    RulePackError,
    UnknownKey,
    WrongType,
)
from expert_hub.foundation.rule_packs import SHIPPED_PACKS, Duration, Mark, load_pack, parse_pack, shipped_pack

ON = date(2026, 3, 2)
PACKS = resources.files("expert_hub.foundation") / "packs"
TEXT = (PACKS / "government_procurement.toml").read_text("utf-8")
PROCUREMENT = shipped_pack("government_procurement", ON)
ENGINEERING = shipped_pack("engineering_tender", ON)
CENTRE = shipped_pack("centre_settings", ON)


def refusal(text: str, on: date = ON) -> RulePackError:
    with pytest.raises(RulePackError) as caught:
        parse_pack(text.encode(), "local.toml", on)
    assert caught.value.facts["file"] == "local.toml"
    return caught.value


def changed(old: str, new: str) -> str:
    assert TEXT.count(old) == 1
    return TEXT.replace(old, new)


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.split("\n"), 1) if line.startswith(part))


def grouped() -> str:
    """The shipped procurement pack in the one-line-per-group form of the specification."""
    groups: dict[str, list[str]] = {}
    for line in TEXT.split("[rules]\n")[1].split("\n"):
        if line:
            key, value = line.split(" = ", 1)
            groups.setdefault(key.split(".")[0], []).append(f"{key.split('.')[1]} = {value}")
    head = 'id = "g", version = "1", category = "government_procurement", effective_from = 2017-10-01, floors = []'
    return f"pack = {{ {head} }}\n[rules]\n" + "".join(
        f"{name} = {{ {', '.join(pairs)} }}\n" for name, pairs in groups.items()
    )


@pytest.mark.parametrize("category", SHIPPED_PACKS)
def test_shipped_packs_have_all_keys_in_the_declared_order(category: str) -> None:
    pack = shipped_pack(category, ON)
    assert pack.category == category
    assert list(pack.rules) == list(PACK_KEYS)
    assert len(pack.floors) == 9


@pytest.mark.parametrize("category", [*SHIPPED_PACKS, "centre_settings"])
def test_shipped_files_put_one_key_on_a_line(category: str) -> None:
    body = (PACKS / f"{category}.toml").read_text("utf-8").split("[rules]\n")[1]
    lines = [line for line in body.split("\n") if line and not line.startswith("#")]
    assert [line.split(" = ")[0] for line in lines] == list(shipped_pack(category, ON).rules)


@pytest.mark.parametrize(
    ("category", "counts"),
    [("government_procurement", (65, 18, 17, 16, 10)), ("engineering_tender", (48, 31, 13, 17, 17))],
)
def test_how_many_rules_apply_and_how_well_they_are_founded(category: str, counts: tuple[int, ...]) -> None:
    marks = [rule.mark for rule in shipped_pack(category, ON).rules.values()]
    assert tuple(marks.count(mark) for mark in [*Mark, None]) == counts


def test_selected_values_of_government_procurement() -> None:
    pack = PROCUREMENT
    assert (pack.pack_id, pack.version, pack.effective_from) == (
        "cn.government_procurement.tender",
        "0.1.0",
        date(2017, 10, 1),
    )
    assert pack.integer("committee.min_members") == 5
    assert pack.integer("committee.large_budget_yuan") == 10_000_000
    assert pack.fraction("committee.expert_share") == Fraction(2, 3)
    assert pack.flag("leader.rep_allowed") is False
    assert pack.texts("conflict.grounds") == ("C01", "C02", "C03", "C04", "C07", "C09", "C10", "C18")
    assert pack.duration("draw.earliest") == Duration(2, "wd")
    assert pack.text("draw.direct_approver") == "主管预算单位"
    assert pack.decimal("price.weight_goods_min") == Decimal("0.30")
    assert pack.value("agg.trim_over") == "never"
    assert pack.value("benchmark.trim_table") is None
    assert pack.texts("tie.order") == ("total_desc", "price_asc", "parallel")


def test_a_rule_carries_citation_and_mark() -> None:
    rule = PROCUREMENT.rule("price.policy_deduction")
    assert (rule.value, rule.citation, rule.mark) == ("0.10", "财库〔2022〕19号: 0.10-0.20", Mark.TO_CONFIRM)
    assert rule.is_applicable
    assert not PROCUREMENT.rule("publicity.candidates_shown").is_applicable


def test_selected_values_of_engineering() -> None:
    assert ENGINEERING.value("committee.large_min") is None
    assert ENGINEERING.duration("draw.earliest") == Duration(24, "h")
    assert ENGINEERING.integer("agg.trim_over") == 5
    assert ENGINEERING.value("low_price.mean") == "committee_judgement"
    assert ENGINEERING.value("price.drop_extremes") == "trim_table"
    assert ENGINEERING.value("remedy.objection_file") == "publicity_period"
    assert ENGINEERING.decimal("benchmark.float_f") == 0
    assert ENGINEERING.integer("retention.file_years") == 30


def test_selected_values_of_the_centre_settings() -> None:
    assert list(CENTRE.rules) == list(CENTRE_KEYS)
    assert CENTRE.integer("expert.max_l2") == 3
    assert CENTRE.integer("expert.max_l3") == 6
    assert CENTRE.value("expert.intake_months") == (6, 12)
    assert CENTRE.decimal("booking.reserve_share") == Decimal("0.10")
    assert CENTRE.flag("identity.biometric") is False
    assert CENTRE.value("fee.table") is None


def test_the_digest_is_taken_over_the_bytes_of_the_file() -> None:
    assert PROCUREMENT.sha256 == hashlib.sha256((PACKS / "government_procurement.toml").read_bytes()).hexdigest()
    assert parse_pack(TEXT.encode() + b"\n", "x", ON).sha256 != PROCUREMENT.sha256


def test_a_file_of_ones_own_loads(tmp_path: Path) -> None:
    path = tmp_path / "city.toml"
    path.write_text(changed("draw.alternates_min = [2,", "draw.alternates_min = [3,"), "utf-8")
    assert load_pack(path, ON).integer("draw.alternates_min") == 3


def test_the_grouped_form_loads_with_the_same_rules() -> None:
    assert parse_pack(grouped().encode(), "g.toml", ON).rules == PROCUREMENT.rules


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ('committee.odd = [true, "O87 47"', 'committee.even = [true, "O87 47"', UnknownKey),
        ('committee.odd = [true, "O87 47", "verified"]', 'committee.odd = [true, "", "verified"]', MissingCitation),
        ('committee.odd = [true, "O87 47", "verified"]', 'committee.odd = [true, " ", "verified"]', MissingCitation),
        ('committee.odd = [true, "O87 47", "verified"]', "committee.odd = [true]", MissingCitation),
        ('committee.odd = [true, "O87 47", "verified"]', 'committee.odd = [true, "O87 47"]', BadMark),
        ('committee.odd = [true, "O87 47", "verified"]', 'committee.odd = [true, "O87 47", "sure"]', BadMark),
        ('committee.odd = [true, "O87 47", "verified"]', 'committee.odd = [true, "a", "local", 1]', BadMark),
        ('committee.odd = [true, "O87 47", "verified"]', "committee.odd = true", WrongType),
        ('committee.odd = [true, "O87 47", "verified"]', "committee.odd = []", WrongType),
        ('committee.odd = [true, "O87 47", "verified"]', "committee.odd.x = true", WrongType),
        ("committee.odd = [true,", 'committee.odd = ["yes",', WrongType),
        ("committee.min_members = [5,", 'committee.min_members = ["5",', WrongType),
        ('score.step = ["0.01"', "score.step = [0.01", WrongType),
        ('draw.mode = ["random"', 'draw.mode = ["by_hand"', WrongType),
        ('draw.earliest = ["2wd"', 'draw.earliest = ["2 days"', WrongType),
    ],
)
def test_a_faulty_rule_is_refused_with_its_line(old: str, new: str, kind: type[RulePackError]) -> None:
    text = changed(old, new)
    error = refusal(text)
    assert type(error) is kind
    assert error.facts["line"] == line_of(text, new.split(" = ")[0])
    assert error.facts["key"].split(".")[0] == new.split(".")[0]


def test_a_missing_key_names_the_line_of_its_group() -> None:
    text = changed('draw.mode = ["random", "GPR 39, O87 48", "verified"]\n', "")
    error = refusal(text)
    assert type(error) is MissingKey
    assert (error.facts["key"], error.facts["line"]) == ("draw.mode", line_of(text, "draw.max_probability"))


def test_a_missing_group_names_the_line_of_the_rules() -> None:
    text = changed('retention.file_years = [15, "GPL 42", "verified"]\n', "")
    assert refusal(text).facts["line"] == line_of(text, "[rules]")


def test_the_grouped_form_names_the_line_too() -> None:
    text = grouped().replace('blind = [true, "O87 55, 62(4)", "verified"]', 'blind = [true, "", "verified"]')
    error = refusal(text)
    assert (error.facts["key"], error.facts["line"]) == ("score.blind", line_of(text, "score = {"))


@pytest.mark.parametrize(("on", "line"), [(date(2017, 9, 30), "effective_from"), (date(2026, 1, 1), "effective_until")])
def test_a_pack_out_of_force_is_refused(on: date, line: str) -> None:
    text = changed("effective_from = 2017-10-01", "effective_from = 2017-10-01\neffective_until = 2025-12-31")
    parse_pack(text.encode(), "x", date(2017, 10, 1))
    parse_pack(text.encode(), "x", date(2025, 12, 31))
    error = refusal(text, on)
    assert type(error) is OutOfForce
    assert error.facts["line"] == line_of(text, line)


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ('version = "0.1.0"', "version = 1", WrongType),
        ('version = "0.1.0"', 'version = ""', WrongType),
        ("effective_from = 2017-10-01", "effective_from = 2017-10-01T00:00:00Z", WrongType),
        ('version = "0.1.0"', 'version = "0.1.0"\nauthor = "x"', UnknownKey),
        ('version = "0.1.0"\n', "", MissingKey),
        ('    "committee.odd",', '    "committee.even",', UnknownKey),
        ('    "committee.odd",', "    7,", UnknownKey),
        ('    "committee.odd",', '    "benchmark.e_up",', MissingCitation),
        ("[rules]\n", "[rule]\n", UnknownKey),
        ("[rules]\n", "x.y = 1\n[rules]\n", UnknownKey),
        ('leader.method = ["elect"', 'leader.method = "elect"', PackSyntax),
    ],
)
def test_a_faulty_head_is_refused(old: str, new: str, kind: type[RulePackError]) -> None:
    assert type(refusal(changed(old, new))) is kind


@pytest.mark.parametrize("text", ["", "rules = 1", "[rules]\n", '[pack]\nid = "x"\n'])
def test_a_file_without_its_two_tables_is_refused(text: str) -> None:
    assert type(refusal(text)) is PackSyntax


def test_a_syntax_error_names_the_line_of_the_parser() -> None:
    text = changed('committee.odd = [true, "O87 47", "verified"]', 'committee.odd = [true, "O87 47"')
    assert refusal(text).facts["line"] == line_of(text, "committee.odd") + 1
    assert refusal(TEXT + 'draw.mode = "twice"\n').facts["line"] == TEXT.count("\n") + 1


def test_a_file_in_another_encoding_is_refused_with_the_line() -> None:
    with pytest.raises(PackSyntax) as caught:
        parse_pack(TEXT.encode("gb18030"), "gb.toml", ON)
    assert caught.value.facts["line"] == 1
    assert isinstance(caught.value, HubError)
