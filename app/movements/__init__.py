"""Movements: what is done with lots, by whom, with how many kilograms, and where they are now."""
