"""What every stage stands on and nobody owns: money, calendar, identifiers, tables, access, problems.

The kernel is the standard library only, and pure: it reads no database, no setting and no clock
that it is not given (:func:`tieout.kernel.identifiers.new_id` is the one exception, and says so).
So any rule can be read, tested and trusted without starting anything.
"""
