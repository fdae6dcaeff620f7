"""Text of a CSV file that an officer hands in: UTF-8 or GB 18030."""

from pathlib import Path

from expert_hub.draws.errors import TableUnreadable


def read_table(path: Path) -> str:
    """The text of a file, with or without a byte order mark.

    Raises:
        TableUnreadable: the bytes are neither UTF-8 nor GB 18030, or contain zero bytes.
        OSError: the file cannot be opened.
    """
    raw = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise TableUnreadable(file=path.name)
