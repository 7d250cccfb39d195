"""Search: the named indexes and the command bar."""
