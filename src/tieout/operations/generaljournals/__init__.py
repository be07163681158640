"""General journals of finance that arrived: made and confirmed here as entry journals, at once."""
