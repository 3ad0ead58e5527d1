"""Why nothing was run."""

USAGE = 2
COULD_NOT_TELL = 3
DISABLED = 75


class Refusal(Exception):
    """Nothing was started. `status` is the exit status: 2 wrong use, 3 could not tell, 75 switched off."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
