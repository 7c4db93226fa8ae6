"""Stage *read* of facades: mapping files become frozen values."""
