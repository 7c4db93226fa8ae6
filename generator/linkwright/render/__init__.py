"""Stages *render* and *tidy*: views become source files in memory."""
