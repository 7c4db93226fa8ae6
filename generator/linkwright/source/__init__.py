"""Files as positioned values: knows YAML and positions, knows nothing of OpenAPI."""
