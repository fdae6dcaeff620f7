"""Who may not sit: declared relations, their reviews by people, and what excluded whom.

Grounds C01 to C19 are decided in `scheduling`; here are their records, the decisions about them and what may be shown.
"""
