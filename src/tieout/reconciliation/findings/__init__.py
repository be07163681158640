"""What the checks found: views, totals, proof of balance, trace."""
