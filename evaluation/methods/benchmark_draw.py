"""Drawing k or f in public: from a public seed to one of the options the document lists.

    digest_i = SHA-256("expert-hub/term/1" || 0 || name || 0 || "option,option,..." || 0 || seed || i), i = 0, 1, 2, ...
    i        = the first with digest_i < floor(2^256 / n) x n, so that every option is equally likely;
    value    = option number (digest_i mod n).

The seed is an argument: whoever has it computes the same value.
"""

from collections.abc import Sequence
from hashlib import sha256

from evaluation.decimals import parse_decimal
from evaluation.refusals_methods import OptionsMalformed
from evaluation.terms import TermDraw

_LABEL = b"expert-hub/term/1"


def draw_term(name: str, options: Sequence[str], seed: bytes) -> TermDraw:
    """Draw a parameter of the benchmark.

    Args:
        name: the parameter, "k" or "f".
        options: values the document lists, decimal text from 0 to 1, each once, at least two.
        seed: public seed, at least 16 bytes, known only after the bids are in.

    Returns:
        The record: name, options, seed and value.

    Raises:
        OptionsMalformed: when there is nothing to draw from or the seed is short.

    Source: engineering choice
    """
    values = [parse_decimal(option) for option in options]
    is_drawable = len(options) > 1 and len(set(values)) == len(values) and len(seed) >= 16
    if not is_drawable or any(value is None or not 0 <= value <= 1 for value in values):
        raise OptionsMalformed(name=name)
    index = _index(b"\0".join((_LABEL, name.encode(), ",".join(options).encode(), seed)), len(options))
    return TermDraw(name, tuple(options), seed.hex(), options[index])


def is_honest(draw: TermDraw) -> bool:
    """Say whether a recorded draw follows from its seed.

    Args:
        draw: the record.

    Returns:
        True when drawing again gives the same value.

    Source: engineering choice
    """
    try:
        return draw_term(draw.name, draw.options, bytes.fromhex(draw.seed)).value == draw.value
    except (OptionsMalformed, ValueError):
        return False


def _index(message: bytes, count: int) -> int:
    fair = 2**256 // count * count
    counter = 0
    while True:
        number = int.from_bytes(sha256(message + counter.to_bytes(4, "big")).digest(), "big")
        if number < fair:
            return number % count
        counter += 1
