"""The one error of the embedded server."""


class EmbeddedServerError(RuntimeError):
    """The embedded server cannot be had; the message says what, where, and what to do."""
