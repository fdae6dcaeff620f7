"""Public randomness: drand chains, a client for any relay, rounds by hand, and a private beacon where no relay answers.

What they prove is verified here and nowhere else; the draw itself knows only a round that was verified.
"""
