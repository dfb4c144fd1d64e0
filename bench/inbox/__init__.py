"""The desk's inbox over a hundred thousand tips: what opening them costs, and what the pages take."""
