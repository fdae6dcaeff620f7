"""Canonical JSON (RFC 8785) for the subset the protocol uses: objects, arrays, strings, integers, booleans, null.

Floats are refused because no float may decide anything; integers stay within 2**53 - 1 because RFC 8785 numbers are
doubles; object keys are ASCII, so that sorting by code point equals the sorting by UTF-16 units the RFC asks for.
"""

import json
from typing import Any

from scheduling.errors import NotCanonicalError

JSON = dict[str, Any] | list[Any] | str | int | bool | None
LARGEST_INTEGER = 2**53 - 1


def encode(value: JSON) -> bytes:
    """Return the one canonical form of ``value``.

    Args:
        value: nested builtins; tuples are refused so that decoding gives back what was encoded.

    Returns:
        UTF-8 bytes without spaces, keys sorted.

    Raises:
        NotCanonicalError: for floats, large integers, other types, keys outside ASCII, lone surrogates.

    Source: RFC 8785
    """
    try:
        _check(value)
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise NotCanonicalError(reason="lone surrogate") from None
    except RecursionError:
        raise NotCanonicalError(reason="nested too deeply") from None


def decode(raw: bytes) -> JSON:
    """Read canonical bytes; anything that is not exactly canonical is refused.

    Args:
        raw: untrusted bytes of any length.

    Returns:
        the value whose canonical form is ``raw``, byte for byte.

    Raises:
        NotCanonicalError: not UTF-8, not JSON, duplicate keys, numbers other than small integers, nested too deeply,
            or any byte that differs from the canonical form.

    Source: RFC 8785
    """
    try:
        text = raw.decode("utf-8")
        value: JSON = json.loads(
            text, object_pairs_hook=_unique, parse_float=_refuse, parse_constant=_refuse, parse_int=_integer
        )
        again = encode(value)
    except RecursionError:
        raise NotCanonicalError(reason="nested too deeply") from None
    except ValueError as error:
        raise NotCanonicalError(reason=type(error).__name__) from None
    if again != raw:
        raise NotCanonicalError(reason="not in canonical form")
    return value


def _check(value: object) -> None:
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return
    if kind is int:
        if abs(value) > LARGEST_INTEGER:  # type: ignore[arg-type]
            raise NotCanonicalError(reason="integer above 2**53 - 1")
    elif isinstance(value, list):
        for item in value:
            _check(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if type(key) is not str or not key.isascii():
                raise NotCanonicalError(reason="key outside ASCII")
            _check(item)
    else:
        raise NotCanonicalError(reason=f"type {kind.__name__}")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise NotCanonicalError(reason="duplicate key")
    return result


def _refuse(literal: str) -> Any:
    raise NotCanonicalError(reason=f"number {literal[:20]}")


def _integer(literal: str) -> int:
    # A length test first: converting a million digits would cost a hostile sender nothing and us seconds.
    if len(literal) > 17:
        raise NotCanonicalError(reason="integer above 2**53 - 1")
    return int(literal)
