"""Where the money went: what systems owe us, paid out and took, beside what we sold."""
