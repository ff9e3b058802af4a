"""Reports from the public: received without an account, looked at, answered, closed."""
