"""The demonstration: a fresh hub, a sample library, a draw, seven people at two venues, a ranking and a report.

It plays every part through the doors that real users have: the command line's services for the import, HTTP for the
officers, WebSockets for the seats. Nothing here is imported by the hub.
"""
