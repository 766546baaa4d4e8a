"""An adult's own password: changing it, and telling its owner that it changed."""
