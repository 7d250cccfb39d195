"""Goods on their way from one warehouse to another: sent, received, and what differs."""
