"""Numbered labels looked up by shoppers: what a number is worth, counts that tell of nobody, what is odd."""
