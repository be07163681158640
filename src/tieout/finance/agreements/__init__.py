"""Rates that a contract agrees on: its sales are converted at them, whatever the day."""
