"""Training (演练): one person practises in a room with simulated colleagues, on a database of its own.

Nothing of it can enter real records: the hub of a training has its own folder, database, keys and ledger, the ledger
says in its first entry that it is one, every view, page and report says so, and a real hub refuses such a database as
a training refuses a real one. Verbs: `train`; `colleagues` decide what simulated members and operators do.
"""
