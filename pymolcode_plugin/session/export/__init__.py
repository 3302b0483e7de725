"""What was done in a chat as files: scripts that replay, a transcript, methods; never PyMOL itself, nor a screen."""
