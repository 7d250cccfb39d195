"""Measures what the README promises, each figure beside a limit taken in the same run."""
