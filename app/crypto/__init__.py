"""Keys, the envelope that every sealed value travels in, sealed columns and the blind index."""
