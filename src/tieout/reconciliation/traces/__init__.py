"""The way of one record over all hops, and how much stands where."""
