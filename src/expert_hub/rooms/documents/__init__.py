"""Bid documents in the room: taken in from the centre, kept by digest, shown to seats with a mark.

A file is inspected by a process with limits before it is kept, and what a seat reads is a marked rendition made by such
a process; the original is never changed. Who may read at a stage is decided by `evaluation.visibility` alone: whoever
sees the bids may read their documents. Source: 电子招标投标办法 第29条, 第33条; 财政部令第87号 第40条.
"""
