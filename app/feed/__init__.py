"""Posts, replies and who has seen them."""
