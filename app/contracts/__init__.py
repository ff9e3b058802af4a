"""Contracts of cooperatives with their buyers: how much is agreed, delivered, left and late."""
