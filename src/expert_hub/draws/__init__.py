"""Draws of experts (抽取): request, commitment, randomness of two parties, panel, invitations and their answers.

Verbs: `request_draw`, `pledge`, `reveal`, `answer`. Each state has exactly one next step.
Source: 招标投标法 第37条, 招标投标法实施条例 第46条, 政府采购法实施条例 第39条.
"""
