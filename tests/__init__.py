"""Tests, by noun; every test that touches a database has one of its own, on both engines."""
