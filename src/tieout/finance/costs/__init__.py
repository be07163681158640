"""Post costs: the cost of work in progress goes to profit and loss, and back."""
