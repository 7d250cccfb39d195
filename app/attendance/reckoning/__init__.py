"""What follows from punches, as pure functions: no database, no clock but the one given."""
