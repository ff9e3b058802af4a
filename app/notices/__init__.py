"""What organisations are told: in the product, and by mail."""
