"""The second computation of every method, in exact fractions and whole units of the last printed place.

It shares no arithmetic with the first one (no decimals, no rounding function, no sorting of prices, no aggregation): a
mistake in one of the two shows as a difference, and a difference stops the room.
"""
