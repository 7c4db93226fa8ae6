"""Hostile documents: what they must not be able to do."""
