"""Photos, drawings and voice notes: sniffed, opened apart, made anew, sealed. What they hang on is known above."""
