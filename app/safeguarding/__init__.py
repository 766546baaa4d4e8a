"""Help now, and asking an adult to get in touch."""
