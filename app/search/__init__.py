"""Finding things: the named indexes of the API, the command bar, scanned codes."""
