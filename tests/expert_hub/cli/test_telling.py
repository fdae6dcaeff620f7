"""A draw told on the terminal; times, numbers and sentences in both languages."""

from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from expert_hub.cli import telling
from expert_hub.draws.explaining.account_form import Grid, Step
from tests.expert_hub.draws.pictured import CITIES, HOSTILE, NATION, TABLES


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> Console:
    console = Console(width=100, record=True, file=StringIO())
    monkeypatch.setattr(telling, "out", console)
    return console


def values(console: Console, explanation: Any, language: Any = "en") -> str:
    telling.tell_values(explanation, language)
    return console.export_text()


def test_funnel_chances_and_figures_are_printed(printed: Console) -> None:
    text = values(printed, CITIES)
    for part in ("2,000 people", "1,128 people", "C16 suspended, on leave, expired", "fewer than 5 or none", "0.4–0.6"):
        assert part in text
    assert "② A080104 · 2 seats" in text
    assert "Gini coefficient 0.1200" in text


def test_few_people_per_seat_are_pointed_out(printed: Console) -> None:
    assert "Prediction risk: ② A080104 · 2 seats has about 3.0 people per seat" in " ".join(
        values(printed, CITIES).split()
    )


def test_plenty_of_people_are_not(printed: Console) -> None:
    text = values(printed, NATION, "zh")
    assert "可预测性提示" not in text
    assert "不超过 6%" in text


def test_a_lottery_of_two_tables_has_no_quotas(printed: Console) -> None:
    text = values(printed, TABLES)
    assert "left out" not in text
    assert "class 1" in text
    assert "in no feasible panel" in text


def test_steps_are_numbered_with_their_tables_and_purpose(printed: Console) -> None:
    steps = [Step("one", ["fact"], "why", Grid(("a", "b"), [("1", "2")])), Step("two", [HOSTILE], "[bold]x[/bold]")]
    telling.tell_steps(steps, "en")
    text = printed.export_text(styles=True)
    assert "1. one" in text
    assert "2. two" in text
    assert "Proves, once verified: why" in text
    assert "[bold]x[/bold]" in text
    assert "\x1b[2J" not in text
    assert "\u202e" not in text
