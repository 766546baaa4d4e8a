"""When Tidemark asks a young person how they are: the agreed times, each time it asked, and what became of it."""
