"""What the model may call, each written once on the scene port; never `cmd` or Qt."""
