"""Spreadsheets of cooperatives, in and out: read leniently, refused precisely, given back marked."""
