"""Which messages carry a score: those that name a bid and hold a number, however either is written.

A filter for people in a hurry and for the most common tricks; it does not understand language. It rather refuses an
innocent message than lets a score through, and a message that names no bid may hold any number.
"""

import re
import unicodedata

from evaluation.setup import RoomSetup

# Letters of other scripts that look like Latin ones.
_LOOKALIKES = str.maketrans("авсенкмортхуАВСЕНКМОРТХУΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "abcehkmoptxyABCEHKMOPTXYABEZHIKMNOPTYX")
_HAN_NUMBERS = "两兩半廿卅卌"
# Words of every day that merely contain a numeral.
_INNOCENT = re.compile(
    "一下|一起|一致|统一|一样|一些|一定|同一|唯一|一般|一直|一边|进一步|之一|万一|一律|一并|再一次|一会|一同|千万|百分比|十分重要|十分必要"
)
_ENGLISH = re.compile(
    r"(?<![a-z])(zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(thir|four|fif|six|seven|eigh|nine)teen"
    r"|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred)(?![a-z])"
)
_COUNTED = "号|家|個|个|位|份|标|包"
_NAMED = "投标人|投標人|供应商|供應商|单位|公司|标书|投标文件|bidder|bid|supplier|offer|no"
_DIGITS = {1: "1一壹", 2: "2二贰两", 3: "3三叁", 4: "4四肆", 5: "5五伍", 6: "6六陆", 7: "7七柒", 8: "8八捌", 9: "9九玖"}


def normalise(text: str) -> str:
    """Bring a text into one form: NFKC, lower case, look-alike letters as Latin ones, nothing invisible.

    Args:
        text: any text.

    Returns:
        The text; white space and punctuation are still there.

    Source: domain ER-12
    """
    # NFKC would turn a Roman numeral into letters.
    counted = (str(int(unicodedata.numeric(mark))) if unicodedata.category(mark) == "Nl" else mark for mark in text)
    folded = unicodedata.normalize("NFKC", "".join(counted)).translate(_LOOKALIKES).casefold()
    spaced = "".join(" " if letter.isspace() else letter for letter in folded)
    return "".join(letter for letter in spaced if unicodedata.category(letter) not in ("Cf", "Mn", "Me", "Cc"))


def _compact(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())


def carries_score(text: str, setup: RoomSetup) -> bool:
    """Say whether a message names a bid and holds a number besides.

    Args:
        text: the message.
        setup: bids with their codes and bidders, and the aliases of the members, which are no bids.

    Returns:
        True when it may carry a score.

    Source: 财政部令第87号 第62条; domain ER-12
    """
    plain = normalise(text)
    for seat in setup.seats:
        plain = plain.replace(normalise(seat.alias), " ")
    left, named = _without_bids(plain, setup)
    return named and _holds_number(left)


def _without_bids(plain: str, setup: RoomSetup) -> tuple[str, bool]:
    """Take every mention of a bid out of a message; say whether there was one."""
    names = [name for bid in setup.bids for name in (bid.bidder, bid.bidder_code, bid.bid_id)]
    found = sorted({_compact(normalise(name)) for name in names}, key=len, reverse=True)
    left, named = plain, False
    for name in filter(None, found):
        left, times = _mention(name).subn("¦", left)
        named = named or times > 0
    left, times = _place_number(len(setup.bids)).subn("¦", left)
    return left, named or times > 0


def _mention(name: str) -> re.Pattern[str]:
    """A name with anything but letters and digits between its letters; a short code stands alone."""
    spread = r"[\W_]*".join(re.escape(letter) for letter in name)
    if name.isascii() and len(name) < 6:
        return re.compile(
            rf"(?<![a-z0-9]){spread}(?![a-z])" if not name[-1].isdigit() else rf"(?<![a-z0-9]){spread}(?!\d)"
        )
    return re.compile(spread)


def _place_number(bids: int) -> re.Pattern[str]:
    numbers = "|".join(
        [*(f"[{_DIGITS[n]}]" for n in range(1, min(bids, 9) + 1)), *(str(n) for n in range(10, bids + 1))]
    )
    return re.compile(rf"第?\s*(?:{numbers})\s*(?:{_COUNTED})(?:{_NAMED})?|(?:{_NAMED})\W{{0,3}}(?:{numbers})(?!\d)")


def _holds_number(text: str) -> bool:
    rest = _INNOCENT.sub(" ", text)
    if any(unicodedata.numeric(letter, None) is not None or letter in _HAN_NUMBERS for letter in rest):
        return True
    return _ENGLISH.search(rest) is not None
