"""What a person agreed to, and the one gate through which anything that identifies somebody leaves the house."""
