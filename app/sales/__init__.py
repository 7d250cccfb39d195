"""Sales history: what was sold, to whom, when, for how much, whoever says it."""
