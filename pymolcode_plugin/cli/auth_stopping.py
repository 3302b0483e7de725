"""What Ctrl-C left behind while `pymolcode-auth` waited."""


class Stopped(KeyboardInterrupt):
    """Stopped by the user; says what that left behind."""
