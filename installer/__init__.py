"""Makes the environment and runs everything in it; standard library only, so a bare Python can run it."""
