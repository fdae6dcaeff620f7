"""Checks of the national codes: identity number, unified social credit code, mobile number.

A check never answers with a bare yes or no: it returns the normalised text and every reason found. Errors make the code
unusable; warnings are shown and the code is kept. Builders make valid synthetic codes for tests and the sample library.
"""

import re
from datetime import date
from typing import Final

from expert_hub.foundation.areas import is_known_area
from expert_hub.foundation.code_reasons import (
    IDENTITY_AREA,
    IDENTITY_CHARACTERS,
    IDENTITY_CHECKSUM,
    IDENTITY_DATE,
    IDENTITY_LENGTH,
    MOBILE_FORM,
    USCC_AREA,
    USCC_AUTHORITY,
    USCC_CHARACTERS,
    USCC_CHECKSUM,
    USCC_LENGTH,
    USCC_ORGANISATION,
    CodeCheck,
)

USCC_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters of GB 32100; I, O, S, V and Z do not occur."""

_USCC_WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
_IDENTITY_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_IDENTITY_CHECK: Final = "10X98765432"
_REGISTRATION_AUTHORITIES: Final = frozenset("123456789AFGNY")

# [0-9] and not \d: \d also matches full-width and other scripts' digits.
_IDENTITY_FORM: Final = re.compile(r"[0-9]{17}[0-9X]")
_MOBILE_FORM: Final = re.compile(r"1[3-9][0-9]{9}")


def normalise(text: str) -> str:
    """Trim and upper-case a code as typed.

    Text outside ASCII keeps its letters: upper-casing alone would turn ``ﬀ`` into the two letters FF and let it pass.

    Args:
        text: a code as typed or read from a file.

    Returns:
        The trimmed text, upper-cased when it is plain ASCII.

    Source: GB 32100-2015; engineering choice
    """
    trimmed = text.strip()
    return trimmed.upper() if trimmed.isascii() else trimmed


def check_identity_number(text: str, on: date | None = None) -> CodeCheck:
    """Check a citizen identity number; checksum and date are errors, an unknown area is a warning.

    Args:
        text: the number as typed; a lower-case x is accepted and normalised, full-width digits are not.
        on: the day on which the person must already be born; None skips that check.

    Returns:
        The normalised number with every reason found.

    Source: GB 11643
    """
    number = normalise(text)
    if len(number) != 18:
        return CodeCheck(number, (IDENTITY_LENGTH,))
    if not _IDENTITY_FORM.fullmatch(number):
        return CodeCheck(number, (IDENTITY_CHARACTERS,))
    born_on = _birth_date(number)
    findings = (
        (born_on is None or (on is not None and born_on > on), IDENTITY_DATE),
        (number[17] != identity_check_character(number[:17]), IDENTITY_CHECKSUM),
        (not is_known_area(number[:6]), IDENTITY_AREA),
    )
    return CodeCheck(number, tuple(reason for found, reason in findings if found))


def birth_date_of(identity_number: str) -> date:
    """Read the birth date out of a checked identity number.

    Args:
        identity_number: a number whose check found no error.

    Returns:
        The birth date, positions 7 to 14.

    Raises:
        ValueError: the positions hold no existing date.

    Source: GB 11643
    """
    born_on = _birth_date(identity_number)
    if born_on is None:
        raise ValueError("the identity number holds no date")
    return born_on


def identity_check_character(first17: str) -> str:
    """Compute the last character of an identity number: ``10X98765432[Σ mod 11]``.

    Args:
        first17: the 17 leading digits.

    Returns:
        A digit or X.

    Source: GB 11643
    """
    total = sum(int(digit) * weight for digit, weight in zip(first17, _IDENTITY_WEIGHTS, strict=True))
    return _IDENTITY_CHECK[total % 11]


def make_identity_number(area: str, born_on: date, serial: int) -> str:
    """Build a valid synthetic identity number.

    Args:
        area: six-digit area code.
        born_on: birth date to encode.
        serial: 0 to 999; odd for men, even for women.

    Returns:
        18 characters that pass the check (an unknown area still gives its warning).

    Source: GB 11643
    """
    first17 = f"{area}{born_on.year:04d}{born_on.month:02d}{born_on.day:02d}{serial:03d}"
    return first17 + identity_check_character(first17)


def check_uscc(text: str) -> CodeCheck:
    """Check a unified social credit code; authority, area and organisation code are only warnings.

    Args:
        text: the code as typed; trimmed and upper-cased, full-width characters are refused.

    Returns:
        The normalised code with every reason found.

    Source: GB 32100-2015; GB 11714
    """
    code = normalise(text)
    if len(code) != 18:
        return CodeCheck(code, (USCC_LENGTH,))
    if any(character not in USCC_ALPHABET for character in code):
        return CodeCheck(code, (USCC_CHARACTERS,))
    findings = (
        (code[17] != uscc_check_character(code[:17]), USCC_CHECKSUM),
        (code[0] not in _REGISTRATION_AUTHORITIES, USCC_AUTHORITY),
        (not is_known_area(code[2:8]), USCC_AREA),
        (code[16] != organisation_check_character(code[8:16]), USCC_ORGANISATION),
    )
    return CodeCheck(code, tuple(reason for found, reason in findings if found))


def uscc_check_character(first17: str) -> str:
    """Compute character 18: ``alphabet[(31 − Σ mod 31) mod 31]`` with weights 3^(i−1) mod 31.

    Args:
        first17: 17 characters of the alphabet.

    Returns:
        One character of the alphabet.

    Source: GB 32100-2015
    """
    total = sum(USCC_ALPHABET.index(char) * weight for char, weight in zip(first17, _USCC_WEIGHTS, strict=True))
    return USCC_ALPHABET[(31 - total % 31) % 31]


def organisation_check_character(first8: str) -> str:
    """Compute the check character of an organisation code: 11 − Σ mod 11, where 10 is X and 11 is 0.

    Args:
        first8: eight characters, digits or capital letters (A = 10 … Z = 35).

    Returns:
        A digit or X.

    Source: GB 11714
    """
    total = sum(int(char, 36) * weight for char, weight in zip(first8, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def make_uscc(prefix17: str) -> str:
    """Complete 17 characters to a valid synthetic unified social credit code.

    Args:
        prefix17: authority, kind, area and organisation code, characters of the alphabet.

    Returns:
        18 characters without an error; warnings depend on the prefix.

    Source: GB 32100-2015
    """
    return prefix17 + uscc_check_character(prefix17)


def check_mobile(text: str) -> CodeCheck:
    """Check a mobile number of the mainland numbering plan.

    Args:
        text: the number as typed; only surrounding blanks are removed.

    Returns:
        The trimmed number with the reason found, if any.

    Source: engineering choice
    """
    number = text.strip()
    return CodeCheck(number, () if _MOBILE_FORM.fullmatch(number) else (MOBILE_FORM,))


def _birth_date(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
