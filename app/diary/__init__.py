"""Plantings and the farm diary: what was done to them, by whom, with what, and when it was written down."""
