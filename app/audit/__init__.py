"""Who did and who saw what: an append-only, hash-chained trail."""
