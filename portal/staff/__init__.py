"""The staff room: who works here, what each may do, and how a person proves to be herself."""
