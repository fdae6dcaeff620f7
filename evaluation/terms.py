"""What the tender document sets for the method of evaluation, beside the rules of the law and the criteria."""

from msgspec import Struct


class TrimRow(Struct, frozen=True, forbid_unknown_fields=True):
    """A row of a trimming table: from `least` quotes on, so many of the highest and lowest leave the mean.

    Source: 评标委员会和评标方法暂行规定 第35条
    """

    least: int
    high: int
    low: int


class DeviationTerm(Struct, frozen=True, forbid_unknown_fields=True):
    """Price of a commercial deviation: yuan per unit of the quantity members find under a criterion; may be negative.

    Source: 评标委员会和评标方法暂行规定 第32条
    """

    criterion_id: str
    unit_amount: str


class TermDraw(Struct, frozen=True, forbid_unknown_fields=True):
    """A value that was drawn in public among the options of the document.

    Attributes:
        name: the term, "k" or "f".
        options: values the document allows, decimal text, in its order.
        seed: public seed of the draw, hex.
        value: the value the seed gives; anyone can compute it again.

    Source: engineering choice
    """

    name: str
    options: tuple[str, ...]
    seed: str
    value: str


class DocumentTerms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Parameters of the method as the tender document sets them; all amounts and shares are decimal text.

    Attributes:
        ceiling: highest price of the document in yuan; None without one.
        reserve: lowest price at which something is sold, in yuan; None without one.
        band_low: quotes below this share of the ceiling stay out of the benchmark; None without a band.
        band_high: quotes above this share of the ceiling stay out of the benchmark; None without a band.
        trim: trimming table; the last row whose `least` is reached holds; empty trims nothing.
        k: weight of the mean in the benchmark, the ceiling has the rest.
        f: share by which the benchmark is lowered.
        e_up: points lost per hundredth above the benchmark.
        e_down: points lost per hundredth below the benchmark.
        deviations: prices of commercial deviations.
        draws: values that were drawn in public.

    Source: 评标委员会和评标方法暂行规定 第32条, 第35条
    """

    ceiling: str | None = None
    reserve: str | None = None
    band_low: str | None = None
    band_high: str | None = None
    trim: tuple[TrimRow, ...] = ()
    k: str = "1"
    f: str = "0"
    e_up: str = "1"
    e_down: str = "0.5"
    deviations: tuple[DeviationTerm, ...] = ()
    draws: tuple[TermDraw, ...] = ()
