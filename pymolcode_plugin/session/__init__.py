"""Append-only transcripts of a chat; never the loop that writes them."""
