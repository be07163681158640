"""The only place that knows all: settings, the three databases, how the program starts."""
