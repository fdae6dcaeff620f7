"""The parties whose secrets make a seed: keys, chains, escrow of shares, tasks and attestations.

A party may be a person at a desk or the program `expert-hub party`.
"""
