"""The append-only ledger (存证账本): every change of state leaves an entry in the same transaction as its row.

Entries are leaves of an RFC 6962 Merkle tree in the order in which they were committed; they hold digests and codes,
never personal data. Verbs: `append`, `entries_after`, `verify`.
Source: 招标投标法实施条例 and 发改法规规〔2022〕1117号（十四）(the whole draw is logged and traceable).
"""
