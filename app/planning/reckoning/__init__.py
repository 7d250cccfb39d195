"""Baselines out of histories: numbers in, numbers out, nothing of the database."""
