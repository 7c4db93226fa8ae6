"""Generated clients against a server that knows the specifications, and nothing of the generator."""
