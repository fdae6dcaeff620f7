"""Find a font for the Chinese text of PDF reports, or put one into the virtual environment.

Debian and most desktops have Noto CJK as a package (`fonts-noto-cjk`); where it is missing, two files under the SIL
Open Font Licence are taken out of a pinned wheel. A failure costs the looks of a report, never the installation.
"""

import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

FOLDER = Path(sys.prefix) / "share" / "expert-hub" / "fonts"
WANTED = ("NotoSansCJKsc-Regular.otf", "NotoSerifCJKsc-Regular.otf")
PIN = "mplfonts==0.0.11 --hash=sha256:b5e05ba7fd9a59cae48d1db41f657f50e6765e6f04b8d78504438b93a66b6e13\n"
SYSTEM_FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("/System/Library/Fonts"),
    Path("/Library/Fonts"),
    Path("~/.local/share/fonts").expanduser(),
    Path("~/.fonts").expanduser(),
    Path("~/Library/Fonts").expanduser(),
)
WARNING = (
    "Warning: no Chinese font was found and none could be fetched ({why}). PDF reports will lack Chinese characters; "
    "install Noto Sans CJK (Debian: apt-get install fonts-noto-cjk) and run make setup again."
)


def has_noto_cjk(folders: tuple[Path, ...] = SYSTEM_FOLDERS) -> bool:
    """Whether a Noto font with Simplified Chinese lies in one of the folders."""
    return any(is_noto_cjk(path.name) for folder in folders if folder.is_dir() for path in folder.rglob("Noto*"))


def is_noto_cjk(name: str) -> bool:
    """Whether a file name is that of a Noto Sans or Serif font with Simplified Chinese, in one language or all."""
    plain = name.lower().replace("-", "")
    families = ("notosanscjk", "notoserifcjk", "notosanssc", "notoserifsc")
    return plain.startswith(families) and plain.endswith((".otf", ".ttf", ".ttc"))


def extract(wheel: Path, folder: Path) -> None:
    """Take the two free fonts, and nothing else, out of the wheel."""
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(wheel) as archive:
        for name in WANTED:
            with archive.open(f"mplfonts/fonts/{name}") as source, (folder / f"{name}.part").open("wb") as target:
                shutil.copyfileobj(source, target)
            (folder / f"{name}.part").replace(folder / name)


def fetch(folder: Path) -> None:
    """Download the pinned wheel, extract the fonts, drop the wheel."""
    with tempfile.TemporaryDirectory() as scratch:
        pin = Path(scratch) / "pin.txt"
        pin.write_text(PIN, encoding="utf-8")
        arguments = ["download", "--quiet", "--no-deps", "--require-hashes", "--dest", scratch, "--requirement", pin]
        subprocess.run([sys.executable, "-m", "pip", *arguments], check=True, timeout=600)
        extract(next(Path(scratch).glob("*.whl")), folder)


def main() -> None:
    """Do what is needed, and warn rather than fail."""
    if has_noto_cjk() or all((FOLDER / name).is_file() for name in WANTED):
        return
    try:
        fetch(FOLDER)
    except (OSError, subprocess.SubprocessError, zipfile.BadZipFile, KeyError, StopIteration) as error:
        print(WARNING.format(why=type(error).__name__), file=sys.stderr)


if __name__ == "__main__":
    main()
