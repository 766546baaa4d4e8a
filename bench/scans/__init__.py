"""Scanners that look for holes, each in an environment of its own; what they find is mended or explained."""
