"""Facts that ship with the product (places, crops, law, plan) and how they are loaded."""

from app.reference.loading import LoadReport, load

__all__ = ["LoadReport", "load"]
