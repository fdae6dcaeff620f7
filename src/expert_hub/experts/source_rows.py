"""What every reader of files gives."""

import msgspec


class SourceRow(msgspec.Struct, frozen=True):
    """One row: its number as a spreadsheet shows it, its cells as text, and a reason code if it cannot be split."""

    number: int
    cells: list[str]
    fault: str | None = None
