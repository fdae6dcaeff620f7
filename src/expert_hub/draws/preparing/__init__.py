"""From a wish to a committed pool: the request, what it would cost to widen it, eligibility, and the frozen pool."""
