"""Scanners and tablets: what a scan means, once per scan, and the screens around it."""
