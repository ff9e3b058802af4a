"""Where things are: provinces, districts and communes as they were on any day."""
