"""The kinds of lists that can be imported, one file each."""
