"""docs/protocol/ledger.md names every kind of entry that the code writes."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_kind_of_entry_is_documented() -> None:
    page = (ROOT / "docs/protocol/ledger.md").read_text(encoding="utf-8")
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    kinds = set(re.findall(r'NewEntry\(\s*(?:kind=)?"([a-z]+/[a-z-]+)"', sources))
    assert len(kinds) >= 12
    assert [kind for kind in sorted(kinds) if f"`{kind}`" not in page] == []
