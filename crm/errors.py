"""What can go wrong, as exceptions that say it in words a user can act on.

The command line prints the sentence and ends with status 1; the web shows it on the page of the matching status.
"""


class CrmError(Exception):
    """A refusal with a sentence for the user. `status` is the HTTP status that says the same."""

    status = 400
    retry_after: int | None = None
    """Seconds after which the same request may work."""


class SignInNeeded(CrmError):
    """Nobody is signed in, or what was shown as proof of it is not valid (any more)."""

    status = 401


class NotFound(CrmError):
    """There is no such thing, or the viewer may not know of it."""

    status = 404


class NotAllowed(CrmError):
    """The thing is known to the viewer, who may not do this to it."""

    status = 403


class Conflict(CrmError):
    """Somebody else changed it first; nothing was written."""

    status = 409


class Refused(CrmError):
    """The input cannot be taken; the sentence says what, where, and how to mend it."""

    status = 422


class TooManyTries(CrmError):
    """This was tried too often in too short a time; nothing was done."""

    status = 429

    def __init__(self, seconds: int) -> None:
        """`seconds`: how long until it may be tried again."""
        minutes = -(-seconds // 60)
        super().__init__(f"Wait {minutes} minute{'s' if minutes > 1 else ''}, then try again.")
        self.retry_after = seconds


class TooBusy(CrmError):
    """More is asked at this moment than this process can do; nothing was done."""

    status = 503
    retry_after = 5


class EngineUnavailable(CrmError):
    """The graph cannot be reached now; the same request may work in a moment."""

    status = 503
    retry_after = 5


class SchemaNewer(CrmError):
    """The graph was written by a newer version of the product, which this one must not touch."""

    status = 503
