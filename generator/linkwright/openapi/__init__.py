"""The subset of OpenAPI 3.1 that is accepted, as frozen values with places."""
