"""Public pages as plain files, which stay readable when no server does."""
