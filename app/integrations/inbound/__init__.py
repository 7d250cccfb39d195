"""Records of outside systems become ours, in bulk or one by one. Doubt is left to a person."""
