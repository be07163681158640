-- question:   Which tables hold rows of seeds that are over, so that they should be cleaned up?
-- grain:      one row per table, with the statement that does it
-- parameters: none
-- index:      none: the catalog
select format('vacuum %s', c.oid::regclass) as statement
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r'
    and (n.nspname = 'public'
        or c.relname in ('pg_class', 'pg_attribute', 'pg_type', 'pg_depend', 'pg_index', 'pg_statistic',
                         'pg_constraint', 'pg_attrdef', 'pg_shdepend'))
    and pg_relation_size(c.oid) > 65536
