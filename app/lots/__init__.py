"""Harvest lots and what they may claim."""
