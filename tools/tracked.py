"""Rules for every tracked file, whatever its language: no registry address, no path of somebody's machine."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

REGISTRY = re.compile(
    r"pypi\.org/(simple|packages)|files\.pythonhosted\.org|registry\.(npmjs\.org|yarnpkg\.com|npmmirror\.com)"
    r"|pypi\.tuna\.|mirrors\.(aliyun|cloud\.tencent|tuna|ustc|huaweicloud)|--(extra-)?index-url[ =]|file:/{3}",
)
ADDRESS = re.compile(r"https?://|file://")
MACHINE_PATH = re.compile(r"(?<![\w.:/-])/(work|root|home/\w+|Users/\w+)/[\w.]")
INSTALL_FILES = re.compile(r"(\.lock|package-lock\.json|\.npmrc|pip\.conf|uv\.toml|\.in)$")


def tracked_files(root: Path) -> list[Path]:
    """The files under version control; outside a checkout, nothing."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=False)
    names = listed.stdout.decode().split("\0") if listed.returncode == 0 else []
    return [root / name for name in names if name and (root / name).is_file()]


def lines(path: Path) -> Iterator[tuple[int, str]]:
    """Numbered lines of a text file; of a binary file, none."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return
    yield from enumerate(text.splitlines(), start=1)


def address_breaches(root: Path, paths: list[Path]) -> list[str]:
    """Registry addresses anywhere, and any address at all in a file that steers an installation."""
    found = []
    for path in paths:
        name = path.relative_to(root).as_posix()
        pattern = re.compile(f"{REGISTRY.pattern}|{ADDRESS.pattern}") if INSTALL_FILES.search(name) else REGISTRY
        found += [f"{name}:{number}: {line.strip()[:80]}" for number, line in lines(path) if pattern.search(line)]
    return found


def machine_path_breaches(root: Path, paths: list[Path]) -> list[str]:
    """Absolute paths that exist on one machine only."""
    return [
        f"{path.relative_to(root).as_posix()}:{number}: {line.strip()[:80]}"
        for path in paths
        for number, line in lines(path)
        if MACHINE_PATH.search(line)
    ]


def pins(lock: Path) -> dict[str, str]:
    """Package to version, as pinned in a lock file."""
    found = re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\\n]+)", lock.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {name.lower().replace("_", "-").replace(".", "-"): version for name, version in found}


def unhashed(lock: Path) -> list[str]:
    """Pins of a lock file that no hash follows."""
    entries = re.split(r"\n(?=[A-Za-z0-9])", lock.read_text(encoding="utf-8").strip())
    return [entry.split("==")[0] for entry in entries if "==" in entry and "--hash=sha256:" not in entry]
