-- question:   Lose a project in finance, as when its mirror was never carried over.
-- grain:      one row
-- parameters: number
-- index:      finance_project_number
delete from finance_project where number = %(number)s
