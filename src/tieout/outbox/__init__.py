"""What a side states has happened, for the dual-write to carry (DESIGN D7).

A side writes "record K changed" into ``outbox_entry`` in the same transaction as the change itself: both
are committed or neither is. Whether a change is stated at all depends on the state of its map:

=============  ==========================================================
running        stated, and delivered
paused         stated (queued), delivered when the map runs again
not running    not stated: only Sync or an initial write repairs the gap
=============  ==========================================================
"""
