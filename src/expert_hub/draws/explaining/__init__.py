"""A draw for readers: the transcript they download, an account in words, pictures.

Nothing here knows a name that the record does not open.
"""
