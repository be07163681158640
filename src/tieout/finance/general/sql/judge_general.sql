-- question:   May each line of the draft be posted, and as what? (finance_general_draft)
-- grain:      one row of general_verdict per line
-- parameters: journal_id
-- index:      finance_open_general_journal_line_key
create temporary table general_verdict on commit drop as
select
    d.*,
    case
        when d.code = '' then nextval(pg_get_serial_sequence('finance_voucher', 'id')::regclass)
    end as voucher_id
from finance_general_draft(%(journal_id)s) d
order by d.line_number
