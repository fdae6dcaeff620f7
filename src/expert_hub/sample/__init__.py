"""Synthetic material to try the hub with: an expert library, a tender, venues and the marks of a committee.

Nothing here belongs to anybody: identity numbers and credit codes pass every check but carry county part 99, which is
not assigned, and mobile numbers lie in a range kept for machines. The same seed gives the same bytes.
"""
