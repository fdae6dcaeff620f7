"""How the demonstration says what happens."""

import time
from collections.abc import Callable

Tell = Callable[[str, str], None]
"""Called with the sentence in Chinese and in English."""


def silent(zh: str, en: str) -> None:
    """Take a sentence and keep quiet: for those who only want the story to happen."""


class Stopwatch:
    """Seconds since the demonstration began."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    def seconds(self) -> float:
        """Seconds so far."""
        return time.monotonic() - self._start
