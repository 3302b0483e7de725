"""Model catalogue, the built-in llama.cpp server and models for pydantic-ai; never the agent's rules."""
