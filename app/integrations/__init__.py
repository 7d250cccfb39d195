"""The hub where outside systems flow in: connections, tokens, sync runs, the mirror, webhooks.

A connector says how to sign in, what streams there are, what a page and a webhook look like;
everything else is here, once for all of them.
"""
