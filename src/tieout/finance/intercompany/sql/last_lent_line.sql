-- question:   How many lines had the batch, and which was the last of them?
-- grain:      one row, or none when there was no line
-- parameters: none
-- index:      none: a temporary table of one batch
select
    count(*) over () as taken,
    l.borrowing_company as after_company,
    l.currency_code as after_currency,
    l.project_id as after_project,
    l.is_credit as after_credit,
    l.line_id as after_line
from lent_line l
order by l.place desc, l.line_number desc
limit 1
