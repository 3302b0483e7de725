"""The only place that touches PyMOL's `cmd`; never prompts or widgets."""
