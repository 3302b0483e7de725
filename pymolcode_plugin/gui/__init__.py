"""The dock and its widgets; never business logic. Empty, so that importing it costs nothing."""
