"""Calling the selected: invitations, the ways they travel, answers, outcomes, vacancies and the worker behind them.

A message names time, place and phone, never the project.
"""
