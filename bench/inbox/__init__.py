"""The desk's inbox over a hundred thousand tips: what opening them costs, one by one and by the shelf, and the pages."""
