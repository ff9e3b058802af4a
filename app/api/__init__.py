"""The JSON edge: /api/v1."""
