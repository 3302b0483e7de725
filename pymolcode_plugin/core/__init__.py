"""Frozen values and Protocols that every room shares; never Qt, PyMOL or I/O."""
