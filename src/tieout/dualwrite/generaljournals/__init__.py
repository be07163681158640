"""General journals on their way: delivered, confirmed in operations, and the answer kept in finance."""
