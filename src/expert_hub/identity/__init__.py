"""Who is asking: accounts, roles, tokens.

Decide, execute and supervise are separate roles; no account holds two of them (notice of 2016-01-19, section five).
Verbs: `create_account`, `log_in`, `actor_of`.
"""
