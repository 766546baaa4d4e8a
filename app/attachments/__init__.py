"""What hangs on a check-in or a post: adding it, showing it to whoever sees the entry, taking it away."""
