"""What every client of this package is built on.

Ordinary source, the same for every provider; it knows nothing about any of them. An *operation* is
a value (`operation`). `prepare` turns it and the caller's arguments into a request, `auth` adds the
credentials, `client` and `aio` move bytes, `settle` turns the answer into a typed value or a typed
error, and `retry` decides whether to try again. All but the two shells are pure.
"""
