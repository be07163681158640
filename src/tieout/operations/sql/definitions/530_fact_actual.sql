-- Published fact (DESIGN D8): the actuals (finance spec 3.2, A). amount: what is posted of it, a sale less its discount
-- and with its fee.
drop view if exists fact_actual;
create view fact_actual as
select xid,
       id as actual_id,
       source_kind,
       source_id,
       transaction_type,
       company_code,
       (amount - discount_amount + fee_amount)::numeric(20, 4) as amount,
       currency_code,
       skip_sync,
       created_at
  from operations_actual;
