"""Approval sets: what is asked of many entries at once is done by a job, project by project (spec 5.2)."""
