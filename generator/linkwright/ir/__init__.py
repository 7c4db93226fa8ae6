"""What an API means: no Python, no OpenAPI words. Frozen, slotted, tuples only."""
