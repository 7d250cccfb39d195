"""Stand-ins: real servers that behave as the outside systems do."""
