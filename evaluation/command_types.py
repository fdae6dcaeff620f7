"""Texts a command may hold, and the tag of a command."""

from typing import Annotated

from msgspec import Meta

Identifier = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"\A[^\x00-\x1f\x7f\ud800-\udfff]+\Z")]
Text = Annotated[str, Meta(max_length=4000, pattern=r"\A[^\x00\ud800-\udfff]*\Z")]
ShortText = Annotated[str, Meta(max_length=64, pattern=r"\A[^\x00-\x1f\x7f\ud800-\udfff]*\Z")]


def snake_case(name: str) -> str:
    """Return the tag of a class name: `VoteLeader` becomes `vote_leader`.

    Args:
        name: a class name in CamelCase.

    Returns:
        The same words in snake_case.

    Source: engineering choice
    """
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
