"""What people enter: time (here), expenses (from finance's expense reports)."""
