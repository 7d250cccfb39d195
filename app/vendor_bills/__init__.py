"""What the books hold of vendors, beside what was ordered of them and has come."""
