-- Whether operations waits with an invoice for the project manager, and whether the vendor is paid before that: as the
-- invoice says, else as its company has it (finance spec 1.9). What nobody verifies blocks no payment.
create or replace function finance_verification(of_company text, asked_verification boolean, asked_block boolean)
returns table (manual_verification boolean, block_payment boolean)
language sql stable parallel safe as $$
    select
        coalesce(asked_verification, i.manual_verification, false),
        coalesce(asked_verification, i.manual_verification, false) and coalesce(asked_block, i.block_payment, false)
    from (select of_company as company_code) c
    left join finance_integration_parameters i on i.company_code = c.company_code
$$;
