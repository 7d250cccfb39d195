"""One file that holds everything: the database with its files, settings, and the keys, sealed.

A backup is taken of one moment while people go on working, put back into a scratch database
and compared before it counts, sent away by any command, and kept by a rule.
"""
