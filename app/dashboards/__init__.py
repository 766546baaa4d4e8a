"""Each role's first page, composed from the other capabilities."""
