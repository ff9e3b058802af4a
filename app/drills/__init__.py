"""Drills: a recall that is practised, timed and reported, of which nobody outside learns anything."""
