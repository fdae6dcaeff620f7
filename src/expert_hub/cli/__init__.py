"""The command line. Every command is an entry point: it opens the database, commits, and turns refusals into sentences.

Exit codes: 0 done, 1 checked and found wanting (a failed verification, rejected rows), 2 refused.
"""

from expert_hub.cli import (
    accounts,
    criteria,
    demonstration,
    documents,
    draws,
    explaining,
    ledger,
    library,
    party,
    relaying,
    rooms,
    schema,
    seats,
    serving,
    worker,
)
from expert_hub.cli.entry import app, main

__all__ = [
    "accounts",
    "app",
    "criteria",
    "demonstration",
    "documents",
    "draws",
    "explaining",
    "ledger",
    "library",
    "main",
    "party",
    "relaying",
    "rooms",
    "schema",
    "seats",
    "serving",
    "worker",
]
