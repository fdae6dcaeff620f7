"""Repair of inconsistent prices, in the order the law names.

Every repair is a step with the price before and after; a repaired price counts only when the bidder confirms it.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import reduce
from typing import Literal

import msgspec
from msgspec import Struct

from evaluation.decimals import EXACT, parse_decimal, plain, round_half_up
from evaluation.errors import PriceMalformed

Rule = Literal["summary", "words", "decimal", "unit", "chinese_text"]


class PricedItem(Struct, frozen=True):
    """A line of the price list: quantity and unit price as decimal text. Source: 财政部令第87号 第59条."""

    name: str
    quantity: str
    unit_price: str


class PriceStatement(Struct, frozen=True, kw_only=True):
    """What a bid says about its price; amounts in yuan as decimal text.

    Attributes:
        figures: total in figures in the bid file.
        words: total in words, transcribed to figures; None when the file has none.
        opening: total in the opening summary (开标一览表); None when there is none.
        chinese_text: total in the Chinese text where a text in another language says otherwise.
        items: price list, may be empty.

    Source: 财政部令第87号 第59条; 评标委员会和评标方法暂行规定 第19条
    """

    figures: str
    words: str | None = None
    opening: str | None = None
    chinese_text: str | None = None
    items: tuple[PricedItem, ...] = ()


class RepairStep(Struct, frozen=True):
    """One repair: the rule, what it changed ("total" or the name of an item), before and after.

    Source: 财政部令第87号 第59条
    """

    rule: Rule
    subject: str
    before: str
    after: str


class RepairedPrice(Struct, frozen=True):
    """Price after repair, price list after repair, and the steps; any step needs the bidder's confirmation.

    Source: 财政部令第87号 第59条
    """

    price: str
    items: tuple[PricedItem, ...]
    steps: tuple[RepairStep, ...]

    @property
    def needs_confirmation(self) -> bool:
        """Whether the bidder must confirm the repair."""
        return bool(self.steps)


def repair_price(statement: PriceStatement, order: Sequence[Rule], places: int = 2) -> RepairedPrice:
    """Repair a price by the rules in their order.

    Args:
        statement: what the bid says.
        order: rules as the rule pack lists them: `summary` opening summary over file, `words` words over figures,
            `decimal` displaced decimal point of a unit price, `unit` unit prices over totals (an evident displaced
            point excepted), `chinese_text` the Chinese text over any other.
        places: decimals of an amount of money.

    Returns:
        The repaired price and the steps in order; no step when nothing was inconsistent.

    Raises:
        PriceMalformed: when an amount is not a decimal above 0.

    Source: 财政部令第87号 第59条; 评标委员会和评标方法暂行规定 第19条
    """
    repaired = RepairedPrice(plain(round_half_up(_amount(statement.figures), places)), statement.items, ())
    for rule in order:
        repaired = _RULES[rule](repaired, statement, places)
    return repaired


def settle(repaired: RepairedPrice, confirmed: bool) -> str | None:
    """Take the bidder's answer.

    Args:
        repaired: the repaired price.
        confirmed: whether the bidder confirmed it.

    Returns:
        The price that counts, or None when the bid is invalid because a repair was not confirmed.

    Source: 财政部令第87号 第59条
    """
    return repaired.price if confirmed or not repaired.needs_confirmation else None


def _amount(text: str) -> Decimal:
    value = parse_decimal(text)
    if value is None or value <= 0:
        raise PriceMalformed(value=text)
    return value


def _total_to(repaired: RepairedPrice, rule: Rule, total: Decimal, places: int) -> RepairedPrice:
    after = plain(round_half_up(total, places))
    if after == repaired.price:
        return repaired
    step = RepairStep(rule, "total", repaired.price, after)
    return msgspec.structs.replace(repaired, price=after, steps=(*repaired.steps, step))


def _by_opening(repaired: RepairedPrice, statement: PriceStatement, places: int) -> RepairedPrice:
    if statement.opening is None:
        return repaired
    return _total_to(repaired, "summary", _amount(statement.opening), places)


def _by_words(repaired: RepairedPrice, statement: PriceStatement, places: int) -> RepairedPrice:
    # Words and figures of the file are compared with each other; an opening summary that already decided stands.
    if statement.words is None or any(step.rule == "summary" for step in repaired.steps):
        return repaired
    return _total_to(repaired, "words", _amount(statement.words), places)


def _by_chinese_text(repaired: RepairedPrice, statement: PriceStatement, places: int) -> RepairedPrice:
    if statement.chinese_text is None:
        return repaired
    return _total_to(repaired, "chinese_text", _amount(statement.chinese_text), places)


def _line_totals(items: Sequence[PricedItem]) -> list[Decimal]:
    return [EXACT.multiply(_amount(item.quantity), _amount(item.unit_price)) for item in items]


def _sum(amounts: Sequence[Decimal]) -> Decimal:
    return reduce(EXACT.add, amounts, Decimal(0))


def _is_displaced(line: Decimal, expected: Decimal) -> bool:
    """Say whether two amounts have the same digits and differ by the place of the point only."""
    if expected <= 0 or line == expected:
        return False
    return line.normalize(EXACT).as_tuple().digits == expected.normalize(EXACT).as_tuple().digits


def _money(value: Decimal, places: int) -> str:
    """Write a unit price with the places of money, or with more where rounding would change it."""
    rounded = round_half_up(value, places)
    return plain(rounded if rounded == value else value.normalize(EXACT))


def _by_decimal(repaired: RepairedPrice, _: PriceStatement, places: int) -> RepairedPrice:
    lines = _line_totals(repaired.items)
    gap = EXACT.subtract(Decimal(repaired.price), _sum(lines))
    displaced = [index for index, line in enumerate(lines) if _is_displaced(line, EXACT.add(line, gap))]
    # Two lines that could both explain the difference make no displaced point evident.
    if gap == 0 or len(displaced) != 1:
        return repaired
    index = displaced[0]
    item = repaired.items[index]
    shift = EXACT.divide(EXACT.add(lines[index], gap), lines[index])
    unit = _money(EXACT.multiply(_amount(item.unit_price), shift), places)
    step = RepairStep("decimal", item.name, item.unit_price, unit)
    items = tuple(
        msgspec.structs.replace(other, unit_price=unit) if position == index else other
        for position, other in enumerate(repaired.items)
    )
    return msgspec.structs.replace(repaired, items=items, steps=(*repaired.steps, step))


def _by_unit(repaired: RepairedPrice, statement: PriceStatement, places: int) -> RepairedPrice:
    if not repaired.items:
        return repaired
    repaired = _by_decimal(repaired, statement, places)
    return _total_to(repaired, "unit", _sum(_line_totals(repaired.items)), places)


_RULES: dict[Rule, Callable[[RepairedPrice, PriceStatement, int], RepairedPrice]] = {
    "summary": _by_opening,
    "words": _by_words,
    "decimal": _by_decimal,
    "unit": _by_unit,
    "chinese_text": _by_chinese_text,
}
