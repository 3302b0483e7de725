"""Signing in: providers as data, OAuth flows, the token store. Never Qt, never PyMOL."""
