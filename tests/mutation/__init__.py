"""Break the code on purpose, one place at a time, and see that a test notices."""
