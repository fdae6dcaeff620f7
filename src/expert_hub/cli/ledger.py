"""`expert-hub ledger`: check the append-only ledger."""

import typer

from expert_hub.cli.entry import FAILED, app, opened_hub, out, run
from expert_hub.ledger.service import Audit
from expert_hub.ledger.service import verify as audit_ledger

ledger = typer.Typer(help="The append-only ledger.", no_args_is_help=True)
app.add_typer(ledger, name="ledger")


@ledger.callback()
def _group() -> None:
    """The append-only ledger."""


@ledger.command()
def verify() -> None:
    """Recompute every hash and root from the first entry."""

    async def work() -> Audit:
        async with opened_hub() as hub, hub.database.read() as session:
            return await audit_ledger(session)

    audit = run(work())
    if not audit.ok:
        out.print(f"entry {audit.first_fault}: {audit.why}", markup=False)
    out.print(f"ledger of {audit.size} entries, root {audit.root}: {'PASS' if audit.ok else 'FAIL'}", markup=False)
    if not audit.ok:
        raise typer.Exit(FAILED)
