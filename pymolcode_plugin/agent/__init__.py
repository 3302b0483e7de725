"""The loop and the one door for a tool call; never providers' names or widgets."""
