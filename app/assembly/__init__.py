"""Assembly: products are built of their components, and builds are taken back."""
