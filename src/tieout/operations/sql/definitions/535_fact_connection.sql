-- Published fact (DESIGN D8): the connections between transactions (finance spec 3.2, C).
drop view if exists fact_connection;
create view fact_connection as
select xid, id as connection_id, transaction1_id as actual_id
  from operations_transaction_connection;
