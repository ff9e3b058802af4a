"""The story of a lot, as the public may read it."""
