"""Rows of the ledger."""

from datetime import datetime

from sqlmodel import Field

from expert_hub.foundation.tables import Table, instant


class LedgerEntry(Table, table=True):
    """One entry: its canonical text is what was hashed, character for character."""

    __tablename__ = "ledger_entry"

    index: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = instant()
    kind: str = Field(index=True, max_length=64)
    subject: str = Field(index=True, max_length=128)
    text: str
    leaf: str = Field(max_length=64)
    root: str = Field(max_length=64)


class LedgerHead(Table, table=True):
    """The one row that serialises appends: size of the tree and its frontier."""

    __tablename__ = "ledger_head"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    size: int
    frontier: str
