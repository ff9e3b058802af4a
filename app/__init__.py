"""Nguồn Gốc: safe vegetables followed from the field to the phone."""
