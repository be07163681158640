-- Published fact (DESIGN D8): the connections that arrived in staging (finance spec 1.2).
drop view if exists fact_staged_connection;
create view fact_staged_connection as
select xid, id as connection_id
  from finance_staged_connection;
