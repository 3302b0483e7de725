"""The step language for small models: grammar, targets, recipes and the loop over them."""
