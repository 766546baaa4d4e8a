"""Running Tidemark: whether it may serve, and serving."""
