"""What a party remembers between two runs: the newest checkpoint it cosigned, and the commitments it signed."""

from pathlib import Path

import msgspec

from expert_hub.foundation.vault import write_secret


class Seen(msgspec.Struct):
    """Size and root (hexadecimal) of the newest cosigned checkpoint; digests of the commitments signed, by subject."""

    size: int = 0
    root: str = ""
    committed: dict[str, list[str]] = {}


class Memory:
    """One small file beside the key file, written whole before anything is sent.

    Args:
        path: where it lies; made on first use.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.seen = msgspec.json.decode(path.read_bytes(), type=Seen) if path.exists() else Seen()

    def keep(self) -> None:
        """Write what was seen."""
        write_secret(self._path, msgspec.json.encode(self.seen))
