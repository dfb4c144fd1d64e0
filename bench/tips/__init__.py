"""What the store of tips costs, on a file and on a server, with as many tips as a large hotline gathers in years."""
