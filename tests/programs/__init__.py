"""What other programs see of Opsroom: its document, and clients made from it."""
