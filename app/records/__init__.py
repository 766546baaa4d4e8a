"""What becomes of a person's records as a whole: forgotten, kept, handed over."""
