"""Counting: what the books say is there, against what somebody has seen there."""
