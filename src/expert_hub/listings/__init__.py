"""Transactions (交易信息): a project, its lots and bids, from registration to published candidates.

A project stores the id, version and digest of the rule pack that governs it.
Verbs: `register`, `advance`, `list_projects`, `project_with_lots`.
"""
