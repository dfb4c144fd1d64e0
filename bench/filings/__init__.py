"""What sending a tip costs the server, and how many a second it keeps before and after it turns some away."""
