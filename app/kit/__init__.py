"""Domain-free pieces: time, text, codes, cursors, messages, quantities."""
