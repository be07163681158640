-- question:   May this quote be won?
-- grain:      one row; none where it is not known
-- parameters: quote
-- index:      operations_quote_number_key, operations_quote_line_key, operations_contract_number_key
select
    quote.company_code, quote.status,
    exists (select from operations_contract as contract where contract.number = quote.number) as is_taken,
    other.number as project, other.stage
from operations_quote as quote
left join lateral (
    select project.number, project.stage
    from operations_quote_line as line
    inner join operations_project as project on project.id = line.project_id
    where line.quote_id = quote.id and project.stage <> 'presales'
    order by project.number
    limit 1
) as other on true
where quote.number = %(quote)s
