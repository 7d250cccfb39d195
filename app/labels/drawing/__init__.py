"""From what a label says to paper: symbols, formats, layouts, sheets, PDF. No database here."""
