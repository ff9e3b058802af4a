"""Commands for those who look after the code."""
