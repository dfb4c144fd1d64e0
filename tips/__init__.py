"""The tip room: somebody tells what they know, is given a way back, and is answered."""
