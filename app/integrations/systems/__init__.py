"""The systems, each with a manifest in `system.py`, known to nobody but the wiring."""
