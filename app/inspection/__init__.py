"""The inspector's questions: find a lot, read its history."""
