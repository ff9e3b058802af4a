"""Photographs, made small and clean, kept apart from what they show."""
