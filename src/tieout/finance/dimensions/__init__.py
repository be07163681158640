"""Financial dimensions: what can be said of a posting besides its account, and which accounts demand it."""
