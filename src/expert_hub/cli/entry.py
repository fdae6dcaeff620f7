"""What all commands share: settings, language, how a refusal is said, how a coroutine is run."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import typer
from pydantic import ValidationError
from rich.console import Console

from expert_hub import __version__
from expert_hub.app import Hub, open_hub
from expert_hub.foundation.errors import HubError, Language, is_refusal, text_of
from expert_hub.foundation.migrations import ensure_migrated
from expert_hub.foundation.settings import Settings
from expert_hub.ledger.purpose import ensure_purpose

T = TypeVar("T")
REFUSED = 2
FAILED = 1

app = typer.Typer(
    name="expert-hub",
    help="Expert draw and remote bid evaluation for public-resource trading centres.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)
_chosen: dict[str, Language] = {}


class SettingsInvalid(HubError):
    """An environment variable does not have the form it needs."""

    code = "hub/settings-invalid"
    zh = "配置有误：{summary}"
    en = "The settings are not valid: {summary}"


class FileMissing(HubError):
    """A file that was named is not there or cannot be read."""

    code = "hub/file-missing"
    zh = "无法读取文件 {file}：{why}"
    en = "The file {file} cannot be read: {why}"


def language() -> Language:
    """The reader's language: `--lang`, else the terminal's, else the setting."""
    if "lang" in _chosen:
        return _chosen["lang"]
    terminal = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    if terminal.lower().startswith("zh"):
        return "zh"
    return "en" if terminal.lower().startswith("en") else settings().language


def say(zh: str, en: str) -> None:
    """Print one sentence in the reader's language."""
    out.print(zh if language() == "zh" else en, markup=False)


def _show_version(wanted: bool) -> None:
    if wanted:
        out.print(__version__)
        raise typer.Exit


@app.callback()
def _options(
    lang: str = typer.Option("", "--lang", help="zh or en", metavar="zh|en"),
    version: bool = typer.Option(  # noqa: ARG001  (its callback does the work)
        False, "--version", help="Show the version.", is_eager=True, callback=_show_version
    ),
) -> None:
    choose_language(lang)


def choose_language(lang: str) -> None:
    """Answer in this language from now on; an empty one changes nothing.

    Raises:
        BadParameter: it is none of ours.
    """
    if lang in ("zh", "en"):
        _chosen["lang"] = lang  # type: ignore[assignment]
    elif lang:
        raise typer.BadParameter("zh or en")


def settings() -> Settings:
    """The settings of the environment.

    Raises:
        SettingsInvalid: with every wrong variable.
    """
    try:
        return Settings()
    except ValidationError as error:
        summary = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise SettingsInvalid(summary=summary) from None


@asynccontextmanager
async def opened_hub() -> AsyncIterator[Hub]:
    """A hub on a reachable and migrated database, closed at the end."""
    hub = open_hub(settings())
    try:
        await hub.database.ping()
        await ensure_migrated(hub.database)
        async with hub.database.read() as session:
            await ensure_purpose(session, wants_training=hub.settings.training)
        yield hub
    finally:
        await hub.database.close()


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's coroutine to its end."""
    return asyncio.run(work)


def main() -> None:
    """Run the command line; a refusal becomes one sentence on the error stream and exit code 2."""
    try:
        app()
    except Exception as error:
        if not is_refusal(error):
            if isinstance(error, OSError):
                error = FileMissing(file=error.filename or "?", why=error.strerror or str(error))
            else:
                raise
        err.print(f"{text_of(error, _safe_language())} [{error.code}]", markup=False)  # type: ignore[arg-type, attr-defined]
        sys.exit(REFUSED)


def _safe_language() -> Language:
    try:
        return language()
    except HubError:
        return "zh"
