-- question:   What does the draft come to: its lines, those with a project, those refused, what is to be looked at; may
--             so many be posted, and is there a sequence of voucher numbers?
-- grain:      one row
-- parameters: company, sequence
-- index:      finance_integration_parameters_pkey, finance_number_sequence_key
select
    count(*)::integer as lines,
    count(v.project_id)::integer as project_lines,
    count(*) filter (where v.code <> '')::integer as refused,
    count(*) filter (where v.warning <> '')::integer as warned,
    coalesce(sum(v.accounting_amount) filter (where v.project_id is not null), 0) as cost,
    coalesce(
        (
            select i.general_journal_line_limit
            from finance_integration_parameters i
            where i.company_code = %(company)s
        ),
        0
    ) as line_limit,
    exists (
        select from finance_number_sequence s where s.company_code = %(company)s and s.reference = %(sequence)s
    ) as has_numbers
from general_verdict v
