-- question:   Let this side refuse a record that is to arrive: by a rule in its catalog (check), or by a trigger (raised).
-- grain:      one row
-- parameters: key, kind
-- index:      faultlab.faultlab_refused_pkey
insert into faultlab.faultlab_refused (key, kind) values (%(key)s, %(kind)s) on conflict do nothing
