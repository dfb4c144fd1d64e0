"""What the law may ask of the house: the region's rule, a person's decision on a report, and its outcome."""
