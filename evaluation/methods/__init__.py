"""Evaluation methods: pure computations on prices and marks."""
