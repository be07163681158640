-- question:   What do the lines of this quote of a company offer?
-- grain:      one row per line
-- parameters: company, quote
-- index:      operations_quote_number_key, operations_quote_line_key
select
    line.line_number, line.name, line.billing_method, line.included_tasks, line.include_time, line.include_expense,
    line.include_material, line.include_fee, line.amount, coalesce(currency.digits, 2) as digits, project.number as project, project.stage
from operations_quote as quote
left join operations_currency as currency on currency.code = quote.currency_code
inner join operations_quote_line as line on line.quote_id = quote.id
left join operations_project as project on project.id = line.project_id
where quote.number = %(quote)s and quote.company_code = %(company)s
order by line.line_number
