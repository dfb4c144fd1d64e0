"""The room that changes the keys of compartments: what is due, the change, what is sealed again, what is erased."""
