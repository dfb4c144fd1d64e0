"""What is counted and shown of the house's work: closed quarters, small counts hidden, nobody findable in them."""
