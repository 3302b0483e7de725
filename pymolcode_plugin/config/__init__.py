"""User folders, shipped assets and layered settings; never secrets in a repr."""
