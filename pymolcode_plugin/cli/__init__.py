"""The command line `pymolcode`."""
