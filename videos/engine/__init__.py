"""The embedded engine: draws an animatic from a prompt and serves it over the Videos API; knows nothing of Django."""
