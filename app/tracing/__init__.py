"""One step back, one step forward, all the way: what a lot came from and what became of it."""
