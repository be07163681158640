"""Delivers as soon as something is stated: a process that is woken by the outbox, in place of a clock."""
