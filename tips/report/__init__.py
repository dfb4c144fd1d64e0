"""The report that may go to the police: what of a tip may stand in it, who has to agree, and the files it becomes."""
