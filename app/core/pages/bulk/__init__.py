"""Bulk actions: one verb for many rows of a list, as a job with a report."""
