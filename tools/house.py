"""The rules of the house, as functions from a tree of sources to a list of breaches (empty: all is well).

What import-linter can say stands in `.importlinter`; here stands what only the syntax tree shows. The tests in
`tests/architecture` run each rule on the project, and on a planted breach to prove that it can fail.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

KERNELS = ("evaluation", "scheduling")
SERVICE = "src/expert_hub"
CODE = (*KERNELS, SERVICE, "tools", "benchmarks")

BANNED_NAMES = {"helper", "helpers", "utils", "util", "common", "manager", "managers", "info", "data"}
MAX_FILE_LINES = 500
MAX_FUNCTION_LINES = 60

COMMITTERS = {f"{SERVICE}/foundation/db.py", f"{SERVICE}/foundation/migrations.py"}
LAYERS_WITHOUT_DATABASE = {"rules.py", "tables.py", "store.py", "service.py"}
CLOCK_FILE = f"{SERVICE}/foundation/clock.py"
CHANCE_FILE = f"{SERVICE}/foundation/chance.py"
SAMPLE = f"{SERVICE}/sample/"

KERNEL_BANNED_IMPORTS = {
    "aiosqlite", "asyncio", "asyncpg", "ctypes", "http", "httpx", "io", "litestar", "logging", "multiprocessing", "os",
    "pathlib", "random", "redis", "requests", "secrets", "shutil", "signal", "socket", "sqlalchemy", "sqlite3",
    "sqlmodel", "ssl", "structlog", "subprocess", "tempfile", "threading", "time", "urllib", "uuid", "uvicorn",
    "websockets",
}  # fmt: skip
# Files that a stranger copies and runs: whole programs, alone with the standard library and what is named here.
STAND_ALONE = {"scheduling/verify_draw.py": {"py_ecc"}}
STAND_ALONE_CALLS = {"open", "print"}
MAX_STAND_ALONE_LINES = 1_900

KERNEL_BANNED_CALLS = {"open", "print", "input", "exec", "eval", "__import__", "breakpoint"}
WALL_CLOCK = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "datetime.datetime.now",
    "datetime.datetime.utcnow", "datetime.date.today", "time.time", "time.time_ns", "time.localtime", "time.gmtime",
}  # fmt: skip
CHANCE_CALLS = {"os.urandom", "uuid.uuid1", "uuid.uuid4", "numpy.random", "np.random"}
MIRROR_EXEMPT = {"__init__.py", "__main__.py", "tables.py", "errors.py"}
# Statements are tested through the verbs, and verbs may be tested through their routes on a real server.
STANDS_FOR = {"store.py": ("test_service.py", "test_routes.py"), "service.py": ("test_routes.py",)}
UNMIRRORED_TESTS = {"architecture", "campaigns", "scenarios", "e2e"}


@dataclass(frozen=True)
class Module:
    """One source file: its path from the root of the project, its text and its syntax tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """The file name."""
        return self.path.rsplit("/", 1)[-1]


@lru_cache(maxsize=4)
def modules(root: Path) -> tuple[Module, ...]:
    """Every Python file below the code folders and the tests, in order of path."""
    paths = sorted(path for folder in (*CODE, "tests", "alembic") for path in (root / folder).rglob("*.py"))
    texts = [(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")) for path in paths]
    return tuple(Module(path, text, ast.parse(text, filename=path)) for path, text in texts)


def below(root: Path, *folders: str) -> list[Module]:
    """The modules below one of the folders."""
    return [module for module in modules(root) if module.path.startswith(tuple(f"{folder}/" for folder in folders))]


def dotted(node: ast.AST) -> str:
    """`a.b.c` of a name or attribute, else nothing."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        head = dotted(node.value)
        return f"{head}.{node.attr}" if head else ""
    return ""


def calls(module: Module) -> Iterator[tuple[int, str]]:
    """Line and written name of every call; of `x().y()` the last attribute with a leading point."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            name = dotted(node.func)
            if not name and isinstance(node.func, ast.Attribute):
                name = f".{node.func.attr}"
            yield node.lineno, name


def imports(module: Module) -> Iterator[tuple[int, str]]:
    """Line and full name of everything imported: `from a.b import c` gives `a.b.c`."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def transaction_breaches(root: Path) -> list[str]:
    """Only the database's own file begins and commits, and nothing below an entry point holds the database."""
    found = []
    for module in below(root, SERVICE):
        if module.path not in COMMITTERS:
            ending = (".commit", ".begin", ".rollback")
            found += [f"{module.path}:{line}: {name}()" for line, name in calls(module) if name.endswith(ending)]
        if module.name in LAYERS_WITHOUT_DATABASE:
            held = [line for line, name in imports(module) if name == "expert_hub.foundation.db.Database"]
            found += [f"{module.path}:{line}: holds the database; take a session" for line in held]
    return found


def kernel_breaches(root: Path) -> list[str]:
    """The kernels read no clock, make no randomness and do no input or output."""
    found = []
    for module in below(root, *KERNELS):
        for line, name in imports(module):
            if name.split(".")[0] in KERNEL_BANNED_IMPORTS:
                found.append(f"{module.path}:{line}: imports {name}")
        allowed = STAND_ALONE_CALLS if module.path in STAND_ALONE else set()
        for line, name in calls(module):
            if name in (KERNEL_BANNED_CALLS | WALL_CLOCK) - allowed or is_chance(name):
                found.append(f"{module.path}:{line}: calls {name}")
    return found


def float_breaches(root: Path) -> list[str]:
    """The evaluation kernel knows no binary floating point: no such literal, name or library, no quotient of counts."""
    found = []
    for module in below(root, "evaluation"):
        for line, name in imports(module):
            if name.split(".")[0] in {"math", "cmath", "statistics", "numpy", "array", "struct"}:
                found.append(f"{module.path}:{line}: imports {name}")
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
                found.append(f"{module.path}:{node.lineno}: the literal {node.value!r} is binary floating point")
            elif isinstance(node, ast.Name) and node.id in {"float", "complex"}:
                found.append(f"{module.path}:{node.lineno}: names {node.id}")
            elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and _is_whole(node.left, node.right):
                found.append(f"{module.path}:{node.lineno}: the quotient of two whole numbers is a float")
    return found


def _is_whole(*nodes: ast.expr) -> bool:
    """Whether all of them are evidently whole numbers: literals, `len(...)`, `int(...)`."""
    return all(
        (isinstance(node, ast.Constant) and isinstance(node.value, int))
        or (isinstance(node, ast.Call) and dotted(node.func) in {"len", "int"})
        for node in nodes
    )


def stand_alone_breaches(root: Path) -> list[str]:
    """A stand-alone file imports only the standard library and the packages named for it."""
    found = []
    for module in modules(root):
        if module.path not in STAND_ALONE:
            continue
        allowed = sys.stdlib_module_names | STAND_ALONE[module.path]
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ImportFrom) and node.level:
                found.append(f"{module.path}:{node.lineno}: imports what stands beside it")
        found += [
            f"{module.path}:{line}: imports {name}"
            for line, name in imports(module)
            if name.split(".")[0] not in allowed
        ]
    return found


def is_chance(name: str) -> bool:
    """Whether a call draws on hidden randomness."""
    return any(name == chance or name.startswith(f"{chance}.") for chance in CHANCE_CALLS)


def clock_breaches(root: Path) -> list[str]:
    """In the service only `clock.py` reads the wall clock."""
    return [
        f"{module.path}:{line}: calls {name}"
        for module in below(root, SERVICE)
        if module.path != CLOCK_FILE
        for line, name in calls(module)
        if name in WALL_CLOCK
    ]


def chance_breaches(root: Path) -> list[str]:
    """In the service only `chance.py` makes randomness; sample data may use a seeded `random.Random`."""
    found = []
    for module in below(root, SERVICE):
        if module.path == CHANCE_FILE:
            continue
        imported = list(imports(module))
        for line, name in imported:
            seeded = module.path.startswith(SAMPLE) and name in {"random", "random.Random"}
            if name.split(".")[0] in {"secrets", "random"} and not seeded:
                found.append(f"{module.path}:{line}: imports {name}")
        # Without the import, `random` is an argument: a seeded generator.
        whole = any(name == "random" for _, name in imported)
        for line, name in calls(module):
            if is_chance(name) or (whole and name.startswith("random.") and name != "random.Random"):
                found.append(f"{module.path}:{line}: calls {name}")
    return found


def privacy_breaches(root: Path) -> list[str]:
    """A business module uses another's service, rules and errors: never its store or tables."""
    found = []
    for module in below(root, SERVICE):
        own = module.path.removeprefix(f"{SERVICE}/").split("/")[0]
        for line, name in imports(module):
            parts = name.split(".")
            foreign = len(parts) > 2 and parts[0] == "expert_hub" and parts[1] not in {own, "foundation"}
            if foreign and any(
                part in {"store", "tables"} or part.endswith(("_store", "_tables")) for part in parts[2:]
            ):
                found.append(f"{module.path}:{line}: imports {name}")
    return found


def missing_tests(root: Path) -> list[str]:
    """Every module with behaviour has its test file.

    A store is reached through the tests of its service; the rules of the house are tested in `tests/architecture`.
    """
    found = []
    for module in below(root, *CODE):
        if module.name in MIRROR_EXEMPT or not has_behaviour(module):
            continue
        folder, _, name = module.path.removeprefix("src/").rpartition("/")
        names = [f"test_{name}", *STANDS_FOR.get(name, ())]
        places = ["tools", "architecture"] if folder == "tools" else [folder]
        wanted = [root / "tests" / place / one for place in places for one in names]
        if not any(path.is_file() for path in wanted):
            found.append(f"{module.path}: no {wanted[0].relative_to(root).as_posix()}")
    return found


def has_behaviour(module: Module) -> bool:
    """Whether a module holds any function; a page of constants and plain structures has nothing to test."""
    return any(isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) for node in ast.walk(module.tree))


def orphan_tests(root: Path) -> list[str]:
    """Every test file belongs to a source: `test_room.py` or `test_room_<topic>.py` to `room.py` or `room/`."""
    found = []
    for module in below(root, "tests"):
        parts = module.path.split("/")[1:]
        if parts[0] in UNMIRRORED_TESTS or not parts[-1].startswith("test_"):
            continue
        folder = root.joinpath("src" if parts[0] == "expert_hub" else ".", *parts[:-1])
        words = parts[-1].removeprefix("test_").removesuffix(".py").split("_")
        stems = ["_".join(words[: count + 1]) for count in range(len(words))]
        if not any((folder / f"{stem}.py").is_file() or (folder / stem).is_dir() for stem in stems):
            found.append(f"{module.path}: no source")
    return found


def name_breaches(root: Path) -> list[str]:
    """No module or package is called by a word that says nothing."""
    return [
        module.path
        for module in below(root, *CODE)
        if BANNED_NAMES & {part.removesuffix(".py") for part in module.path.split("/")}
    ]


def size_breaches(root: Path) -> list[str]:
    """No file above 500 lines (a stand-alone one may be longer), no function above 60 (stories in tests and
    migrations may be long).
    """
    found = []
    for module in modules(root):
        lines = module.text.count("\n")
        if lines > (MAX_STAND_ALONE_LINES if module.path in STAND_ALONE else MAX_FILE_LINES):
            found.append(f"{module.path}: {lines} lines")
        if module.path.startswith(("tests/", "alembic/")):
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                size = (node.end_lineno or node.lineno) - node.lineno + 1
                if size > MAX_FUNCTION_LINES:
                    found.append(f"{module.path}:{node.lineno}: {node.name} has {size} lines")
    return found


def annotation_breaches(root: Path) -> list[str]:
    """No postponed annotations and no type-only imports: table relations and request handlers break on both."""
    found = []
    for module in modules(root):
        for line, name in imports(module):
            if name == "__future__.annotations" or name.endswith(".TYPE_CHECKING"):
                found.append(f"{module.path}:{line}: imports {name}")
    return found


def package_breaches(root: Path) -> list[str]:
    """No `__init__.py` below tests (it shadows the kernels) or alembic (it shadows the library)."""
    return [module.path for module in below(root, "tests", "alembic") if module.name == "__init__.py"]


def source_breaches(root: Path) -> list[str]:
    """Every public function and class of a kernel names its source in law, or says that it is an engineering choice."""
    return [
        f"{module.path}:{node.lineno}: {node.name} has no Source line"
        for module in below(root, *KERNELS)
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and "Source:" not in (ast.get_docstring(node) or "")
    ]


RULES = (
    transaction_breaches,
    kernel_breaches,
    float_breaches,
    stand_alone_breaches,
    clock_breaches,
    chance_breaches,
    privacy_breaches,
    missing_tests,
    orphan_tests,
    name_breaches,
    size_breaches,
    annotation_breaches,
    package_breaches,
    source_breaches,
)
