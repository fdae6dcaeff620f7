"""Places (场所、工位): venue, room, workstation, and which workstation is taken when.

Verbs: `register_venues`, `free_workstations`, `book`.
"""
