"""Who is drawn: eligibility with reasons, conflicts, a committed lottery, and its replay by a stranger.

Plain values in, plain values out: no clock, no chance, no files, no network. Articles: 招标投标法 37,
招标投标法实施条例 46, 政府采购法实施条例 9 and 39, 财政部令第87号 47 to 49. Verbs: ``assess``, ``build_lottery``,
``commit``, ``run_draw``, ``replay``. This file imports nothing, so that ``scheduling.replay`` stays on the standard
library alone.
"""
