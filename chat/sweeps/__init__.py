"""What the sweeper does beside finishing what was begun: one file for each concern, each of which may be done twice."""
