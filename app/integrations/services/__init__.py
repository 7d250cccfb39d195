"""What people and programs do with connections."""
