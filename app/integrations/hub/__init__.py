"""The way to outside systems: connections, tokens, requests at their pace."""
