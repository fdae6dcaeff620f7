"""A draw told on the terminal: steps, funnel, chances, figures."""

from collections.abc import Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from expert_hub.cli.entry import out
from expert_hub.draws.explaining.account_form import Grid, Step
from expert_hub.draws.explaining.explanation import Explanation
from expert_hub.draws.explaining.ground_names import ground_name
from expert_hub.draws.explaining.wording import (
    figure_lines,
    group_label,
    hidden,
    people,
    percent,
    percents,
    pick,
    quota_label,
    seats,
    shown_groups,
)
from expert_hub.foundation.errors import Language
from expert_hub.foundation.texts import visible
from scheduling.prediction_risk import RiskLimits

MOST_ROWS = 20


def tell_steps(steps: Sequence[Step], language: Language) -> None:
    """Print what happened, step by step; times are those of the hub."""
    _line(pick(language, "（时间均为北京时间）", "(Times are Beijing time.)"))
    for number, step in enumerate(steps, start=1):
        _title(f"{number}. {step.title}")
        for fact in step.facts:
            _line(f"  {fact}")
        if step.grid is not None and step.grid.rows:
            _table(step.grid)
        _line(f"  {pick(language, '证明（须经核验）：', 'Proves, once verified: ')}{step.purpose}")


def tell_values(explanation: Explanation, language: Language) -> None:
    """Print funnel, chances and figures."""
    _title(pick(language, "从专家库到席位", "From the library to the seats"))
    _table(Grid(_heads(language, ("项目", "人数"), ("step", "people")), _funnel(explanation, language)))
    _title(pick(language, "每类专家的入选概率", "Chance of a seat, by class"))
    heads = _heads(
        language, ("类别", "人数", "概率", "最低概率的上限"), ("class", "people", "chance", "bound of the least")
    )
    bound = percent(explanation.figures.upper_bound)
    rows = [
        (group_label(explanation, place, group, language), f"{group.people:,}", percents(group.low, group.high), bound)
        for place, group in enumerate(shown_groups(explanation, MOST_ROWS))
    ]
    _table(Grid(heads, rows))
    for line in (*figure_lines(explanation, language), *_prediction(explanation, language)):
        _line(f"  {line}")


def _funnel(explanation: Explanation, language: Language) -> list[tuple[str, ...]]:
    funnel = explanation.funnel
    least = hidden(funnel.hidden_below, language)
    rows = [(pick(language, "专家库", "library"), people(funnel.pool, language))]
    if explanation.state != "lottery":
        left = pick(language, "排除（一人可有多个事由）", "left out (grounds may overlap)")
        rows.append((left, people(funnel.pool - funnel.eligible, language)))
        rows += [(f"  {code} {ground_name(code, language)}", people(count, language)) for code, count in funnel.grounds]
        rest = pick(language, f"{least}或无", f"{least} or none")
        merged = rest if funnel.merged is None else people(funnel.merged, language)
        rows.append((pick(language, "  其余事由合计", "  all other grounds together"), merged))
        rows.append((pick(language, "可被抽取", "eligible"), people(funnel.eligible, language)))
    if funnel.never:
        rows.append((pick(language, "不在任何可行组合中", "in no feasible panel"), people(funnel.never, language)))
    for place, quota in enumerate(explanation.quotas):
        value = least if quota.eligible is None else people(quota.eligible, language)
        rows.append((f"  {quota_label(place, quota, language)}", value))
    return [*rows, (pick(language, "席位", "seats"), seats(funnel.seats, language))]


def _prediction(explanation: Explanation, language: Language) -> list[str]:
    """How well an outsider could guess, and where there are few people per seat."""
    limits, lines = RiskLimits(), []
    for place, quota in enumerate(explanation.quotas):
        need = quota.count + quota.alternates
        if quota.eligible is not None and quota.eligible < limits.medium_ratio * need:
            label, ratio = quota_label(place, quota, language), f"{quota.eligible / need:.1f}"
            lines.append(
                pick(
                    language,
                    f"可预测性提示：{label} 每席仅约 {ratio} 人，较易被猜中；放宽地区或专业可降低风险。",
                    f"Prediction risk: {label} has about {ratio} people per seat and is easier to"
                    " guess; a wider region or speciality lowers the risk.",
                )
            )
    most = percent(explanation.figures.max_probability)
    best = pick(
        language,
        f"可预测性：抽取前猜任何一人入选，猜中的概率不超过 {most}。",
        f"Prediction: whoever guesses one member beforehand is right with at most {most}.",
    )
    return [best, *lines]


def _heads(language: Language, zh: tuple[str, ...], en: tuple[str, ...]) -> tuple[str, ...]:
    return zh if language == "zh" else en


def _title(text: str) -> None:
    out.print()
    out.print(Text(visible(text), style="bold"), soft_wrap=False)


def _line(text: str) -> None:
    out.print(Text(visible(text)), soft_wrap=False)


def _table(grid: Grid) -> None:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=True)
    for head in grid.heads:
        table.add_column(Text(head), overflow="fold")
    for row in grid.rows:
        table.add_row(*(Text(visible(cell)) for cell in row))
    out.print(table, soft_wrap=False)
