"""What is done with sales: written, taken back, valued, classified, matched, followed."""
