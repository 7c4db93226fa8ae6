"""Stage *shape*: the IR becomes views; every Python name is assigned here, in one pass."""
