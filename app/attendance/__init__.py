"""Attendance: who is at work, since when, and what that comes to."""
