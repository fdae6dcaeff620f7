"""Small random lotteries with everything about them enumerated."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product
from math import prod
from random import Random

from scheduling.artefact import (
    ACCEPT_SCALE,
    Block,
    Figures,
    Lottery,
    LotteryClass,
    Places,
    Template,
    seats_per_class,
)
from scheduling.order import in_cells

FIGURES = Figures("0.1", "0.2", "0.1", "0", "3.5", "0.01", pair_is_exact=True)
UnitOf = Callable[[int], str]
Assignment = frozenset[tuple[int, int]]


def sigma(tries: int, share: float) -> float:
    """Standard deviation of a count."""
    return float((tries * share * (1 - share)) ** 0.5)


def random_lottery(number: int, method: str = "") -> tuple[Lottery, UnitOf]:
    """Two to four classes, up to three quotas, up to four templates, units of one to three people."""
    chance = Random(number)
    method = method or chance.choice(("plain", "rejection"))
    weighs = method == "rejection"
    counts = [chance.randint(1, 2) for _ in range(chance.randint(1, 3 if weighs else 2))]
    while True:
        classes = [_class(chance, len(counts), weighs=weighs) for _ in range(chance.randint(2, 4))]
        size = sum(group.size for group in classes)
        units = [f"u{chance.randrange(size * 2)}" for _ in range(size)] if weighs else [f"p{i}" for i in range(size)]
        lottery = Lottery(method, sum(counts), int(weighs), tuple(classes), (), (), 0, FIGURES)  # type: ignore[arg-type]
        templates = _templates(chance, lottery, counts, units.__getitem__)
        if templates:
            lottery = Lottery(method, sum(counts), int(weighs), tuple(classes), templates, (), 0, FIGURES)  # type: ignore[arg-type]
            return lottery, units.__getitem__


def _class(chance: Random, quotas: int, *, weighs: bool) -> LotteryClass:
    able = sorted(chance.sample(range(quotas), chance.randint(1, quotas)))
    blocks = [Block(chance.randint(1, 3), chance.randint(1, 3) if weighs else 1, 0) for _ in range(1 + weighs)]
    return LotteryClass(tuple(able), tuple(blocks if weighs else blocks[:1]))


def _templates(chance: Random, lottery: Lottery, counts: list[int], unit_of: UnitOf) -> tuple[Template, ...]:
    found = {}
    for _ in range(40):
        cells: dict[tuple[int, int], int] = {}
        for quota, count in enumerate(counts):
            able = [number for number, group in enumerate(lottery.classes) if quota in group.quotas]
            for _ in range(count if able else 0):
                cell = chance.choice(able), quota
                cells[cell] = cells.get(cell, 0) + 1
        template = Template(1, 1, tuple((c, q, x) for (c, q), x in sorted(cells.items())))
        fits = all(lottery.classes[c].size >= x for c, x in seats_per_class(template).items())
        if sum(cells.values()) == sum(counts) and fits:
            share = acceptance(lottery, template, unit_of)
            if share:
                accept = round(share * ACCEPT_SCALE) if lottery.method == "rejection" else ACCEPT_SCALE
                found[template.cells] = Template(chance.randint(1, 9), accept, template.cells)
        if len(found) == 4:
            break
    return tuple(found[cells] for cells in sorted(found))


def ordered_panels(lottery: Lottery, template: Template, unit_of: UnitOf) -> Iterator[tuple[Assignment, Fraction]]:
    """Every ordered choice of members that is accepted, as seats, with its chance when drawn independently."""
    places = Places(lottery)
    weights = {
        position: lottery.classes[number].blocks[block].weight
        for position in range(places.starts[-1])
        for number, block in [places.block_of(position)]
    }
    slots = [number for number, seats in seats_per_class(template).items() for _ in range(seats)]
    for choice in product(*(range(places.starts[number], places.starts[number + 1]) for number in slots)):
        units = [unit_of(position) for position in choice]
        if len(set(choice)) == len(choice) and (not lottery.unit_max or len(set(units)) == len(units)):
            members: dict[int, list[int]] = {}
            for number, position in zip(slots, choice, strict=True):
                members.setdefault(number, []).append(position)
            shares = [Fraction(weights[p], places.weight_of(n)) for n, p in zip(slots, choice, strict=True)]
            chance = prod(shares, start=Fraction(1))
            yield frozenset(in_cells(template, members)), chance


def acceptance(lottery: Lottery, template: Template, unit_of: UnitOf) -> Fraction:
    """Chance that independently drawn members fit together."""
    return sum((chance for _, chance in ordered_panels(lottery, template, unit_of)), start=Fraction(0))


def panels(lottery: Lottery, unit_of: UnitOf) -> dict[Assignment, Fraction]:
    """Probability of every panel, a panel being a set of (quota, position)."""
    whole = sum(template.weight for template in lottery.templates)
    found: dict[Assignment, Fraction] = {}
    for template in lottery.templates:
        share = acceptance(lottery, template, unit_of)
        for panel, chance in ordered_panels(lottery, template, unit_of):
            found[panel] = found.get(panel, Fraction(0)) + Fraction(template.weight, whole) * chance / share
    return found
