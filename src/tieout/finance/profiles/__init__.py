"""Project groups; profiles: where the cost of a sold project goes, and which of its sales accrue."""
