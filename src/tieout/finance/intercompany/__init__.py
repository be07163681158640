"""Work that one company lends to another: the lender's relationship to each company that borrows."""
