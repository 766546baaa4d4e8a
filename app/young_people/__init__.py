"""The young person's record, the adults around them, sharing choices and notes."""
