-- question:   Let this side take a record that it had a rule against.
-- grain:      one row
-- parameters: key
-- index:      faultlab.faultlab_refused_pkey
delete from faultlab.faultlab_refused where key = %(key)s
