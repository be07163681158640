"""The door of time: every verb of the chain as a job that runs by itself or when asked (DESIGN D14).

``catalogue.csv`` says which jobs there are; ``steps`` calls the verbs; ``actions`` asks for a run and
performs it, keeping what it did; ``tasks`` is what the worker's queue (procrastinate) finds. A job may be
broken off anywhere and started twice: the verbs are resumable, and hold a lock of their own.
"""
