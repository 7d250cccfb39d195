"""What the pages of all slices are made of: lists, records, actions, charts."""
