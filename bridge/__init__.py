"""The reader bridge: it runs where the readers are, and imports nothing of the application."""

VERSION = "0.1.0"
