"""Web manners: what every page, form and address of the house has in common."""
