"""Our records follow the mirror: by link, then by key, in bulk. Doubt is left to a person."""
