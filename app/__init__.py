"""Nguồn Gốc: safe vegetables followed from the field to the phone."""

import gc

# Importing makes a third of a million objects that stay for good. Looking through them every 700
# new ones took a quarter of the start; every 50,000 costs nothing that can be noticed.
gc.set_threshold(50_000, 20, 50)
