-- question:   Let this side take a record that it had a rule against.
-- grain:      one row
-- parameters: key
-- index:      faultlab.refused_pkey
delete from faultlab.refused where key = %(key)s
