"""What the house decides about itself: hours, doors, settings at work, and what is missing before it opens."""
