"""Names and codes of organisations in the form in which they are compared."""

import unicodedata
from collections.abc import Iterable

_BRACKETS_AND_MARKS = frozenset("()[]{}<>【】〔〕〖〗「」『』《》〈〉·•・.,、，。-_—－\"'“”‘’")
_NO_EMPLOYER = frozenset({"", "无", "暂无", "退休", "离退休", "自由职业", "自由职业者", "none", "na", "n/a", "retired"})


def normal_code(code: str) -> str:
    """Return a unified social credit code in comparable form: half-width, upper case, no spaces.

    Source: GB 32100-2015
    """
    return "".join(unicodedata.normalize("NFKC", code).split()).upper()


def normal_name(name: str) -> str:
    """Return a name in comparable form.

    Full-width forms become half-width, letters lower case; spaces, brackets and punctuation go, because registers write
    广东（广州）某公司, 广东(广州)某公司 and 广东广州某公司 for one organisation.

    Source: domain CF-04
    """
    if name.isalnum() and name.isascii():
        return name.lower()
    text = ""
    while text != name:
        # Again until nothing changes: leaving out a mark can bring letters together that compose.
        text, name = name, _once(name)
    return text


def normal_employer(name: str) -> str:
    """Return the comparable name of an employer, empty for the words people write when they have none.

    Without this every retired expert would count as staff of one employer called 退休.

    Source: engineering choice
    """
    normal = normal_name(name)
    return "" if normal in _NO_EMPLOYER else normal


def employer_units(employers: Iterable[tuple[str, str]]) -> list[str]:
    """Tell which candidates share a legal person.

    Candidates belong together when their codes are equal. One without a code belongs to every code that is used with
    the same name, and such codes become one unit: when in doubt two people are treated as colleagues.

    Args:
        employers: per candidate the normal code and the normal name, either may be empty.

    Returns:
        per candidate the key of the unit, empty for one without employer. Keys depend on the set of employers only.

    Source: domain C14, CF-04
    """
    rows = list(employers)
    parent: dict[str, str] = {}
    codes_of: dict[str, list[str]] = {}
    for code, name in rows:
        if code and name:
            codes_of.setdefault(name, []).append(code)
    for code, name in rows:
        if not code and name:
            # Popped: each name is joined once, however many candidates share it.
            for other in codes_of.pop(name, ()):
                _join(parent, "name:" + name, "code:" + other)
    return [_root(parent, _key(code, name)) for code, name in rows]


def _once(name: str) -> str:
    text = unicodedata.normalize("NFKC", name).casefold()
    return "".join(char for char in text if char not in _BRACKETS_AND_MARKS and not char.isspace())


def _key(code: str, name: str) -> str:
    if code:
        return "code:" + code
    return "name:" + name if name else ""


def _root(parent: dict[str, str], key: str) -> str:
    while (above := parent.get(key, key)) != key:
        parent[key] = parent.get(above, above)
        key = above
    return key


def _join(parent: dict[str, str], left: str, right: str) -> None:
    low, high = sorted((_root(parent, left), _root(parent, right)))
    if low != high:
        parent[high] = low
