"""A member's seat as a program: joins a room, follows its view, delivers commands through any number of cut links.

Source: 电子招标投标办法 第33条 (remote evaluation); the wire protocol is `evaluation.protocol`. Verbs:
`SeatClient.send`, `SeatClient.until`, `run_script`. It knows nothing of the service but its errors and its source of
identifiers, so that it can run at a guest venue by itself.
"""
