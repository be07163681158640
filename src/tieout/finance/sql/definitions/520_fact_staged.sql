-- Published fact (DESIGN D8): the actuals that arrived in staging (finance spec 3.2, S).
drop view if exists fact_staged;
create view fact_staged as
select xid, actual_id, source_id, transaction_type, company_code, batch_id, arrived_at
  from finance_staged_actual;
