"""The program of a contributing party: signs commitments, cosigns checkpoints and reveals links with the party's keys.

It speaks HTTP only and does not trust the hub: what it signs it recomputes, and it never cosigns a ledger that shrank.
Verbs: `register`, `step`, `attend`, `close`, `names`.
"""
