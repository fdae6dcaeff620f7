"""Say in one sentence whether this Python can carry the project; run with whatever Python the user has."""

import sys


def complaint(version, has_venv):
    """What is wrong with an interpreter, or nothing.

    Args:
        version: Its (major, minor).
        has_venv: Whether it can make a virtual environment with pip inside.

    Returns:
        One sentence, or an empty string.
    """
    if not (3, 11) <= version < (3, 14):
        found = f"{version[0]}.{version[1]} ({sys.executable})"
        return f"Expert Hub needs Python 3.11, 3.12 or 3.13; this is {found}. Try: make setup PYTHON=python3.12"
    if not has_venv:
        return "This Python cannot make virtual environments. On Debian: apt-get install python3-venv"
    return ""


def can_make_environments():
    """Whether venv and ensurepip are there (Debian packs them apart)."""
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(complaint(sys.version_info[:2], can_make_environments()) or 0)
