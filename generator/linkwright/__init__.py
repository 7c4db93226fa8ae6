"""linkwright: typed, vendorable API client packages from OpenAPI documents."""

__all__ = ["__version__"]

__version__ = "0.1.0"
