"""Whether what is staged stands in operations too: what waits for that answer, and the answers."""
