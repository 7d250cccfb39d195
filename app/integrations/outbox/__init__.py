"""What outside systems are to be told, each thing once."""
