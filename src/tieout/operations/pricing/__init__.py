"""Which price applies, and why: price lists with dates and their role prices."""
