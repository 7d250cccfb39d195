"""What an order, a bundle or a bill of materials is missing, bought at one press."""
