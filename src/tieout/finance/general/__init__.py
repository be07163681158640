"""General journals: project cost posted at once against an offset account, then sent to operations."""
