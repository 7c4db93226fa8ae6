"""A checked facade becomes views: plain Python, ready for the templates."""
