"""Measures what docs/measured.md shows, each figure beside a limit taken in the same run."""
