"""Write `docs/rules/README.md`: which function carries out which article, and which test file shows it.

Taken from the `Source:` lines of the kernels, so that the table cannot say something else than the code.
"""

import ast
import re
import sys
from pathlib import Path

from tools.house import KERNELS, Module, below

TARGET = "docs/rules/README.md"
HEAD = """# Rules: article, function, test

Every public function and class of the two kernels names its source. This table is made from those lines by
`make format` and checked by `make check`. What rests on an engineering choice alone is not listed. Identifiers such as
DR-11, CF-08, EL-13 or C14 are rows of the project's domain specification (DR draw, CF conflict, EL library, C
conflict ground); XD-1 is the protocol of the draw. Numbers the law sets are not in the functions but in the rule
packs, `src/expert_hub/foundation/packs/`, each with its citation and its mark (verified, to confirm, local, project).

| Article | Function | Test |
|---|---|---|
"""


def sources(doc: str) -> list[str]:
    """The sources named in a docstring, without what is an engineering choice.

    Args:
        doc: A docstring with a `Source:` line; the line may go on to the end of its paragraph.
    """
    match = re.search(r"Source:\s*(.+?)(?:\n\s*\n|\Z)", doc, flags=re.DOTALL)
    text = re.sub(r"\s+", " ", match.group(1)).strip().rstrip(".") if match else ""
    parts = (part.strip().removeprefix("domain ") for part in text.split(";"))
    return [part for part in parts if part and not part.endswith("engineering choice")]


def rows(root: Path) -> list[tuple[str, str, str]]:
    """Article, dotted name and test file of every sourced public function and class, sorted."""
    return sorted(row for module in below(root, *KERNELS) for row in rows_of(root, module))


def rows_of(root: Path, module: Module) -> list[tuple[str, str, str]]:
    """The rows of one module."""
    test = Path("tests") / module.path
    test = test.with_name(f"test_{test.name}")
    shown = f"`{test.as_posix()}`" if (root / test).is_file() else "-"
    dotted = module.path.removesuffix(".py").replace("/", ".")
    return [
        (source, f"{dotted}.{node.name}", shown)
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
        for source in sources(ast.get_docstring(node) or "")
    ]


def page(root: Path) -> str:
    """The whole page."""
    return HEAD + "".join(f"| {article} | `{name}` | {test} |\n" for article, name, test in rows(root))


if __name__ == "__main__":
    here = Path(__file__).resolve().parents[1]
    (here / TARGET).write_text(page(here), encoding="utf-8")
    sys.exit(0)
