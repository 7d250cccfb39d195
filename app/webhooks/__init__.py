"""Other programs hear of what happens here: signed, retried, with a log of what was told.

The format is that of Standard Webhooks (github.com/standard-webhooks), so that programs verify
what they get with a library of theirs.
"""
