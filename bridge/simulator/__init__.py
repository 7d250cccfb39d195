"""Readers for people without hardware: a pty in place of a serial port."""
