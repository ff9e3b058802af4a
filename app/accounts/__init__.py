"""Who is calling, for which organisation, and what they may do."""
