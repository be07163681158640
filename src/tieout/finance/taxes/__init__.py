"""Sales tax: which groups a sale takes, and which taxes both of them share."""
