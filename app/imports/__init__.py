"""Tables in files: reading xlsx and csv, mapping columns, dry run, applying as a job."""
