"""What a start, a page and a message cost, each beside a floor that does nothing else."""
